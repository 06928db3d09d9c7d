#!/usr/bin/env bash
# Multicast DNS: avahi at both ends, each with a file system view of its own. LLMNR: as Windows would say it, sent by hand.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/namespaces.sh"

# avahi NAMESPACE NAME : a daemon with its own message bus, run directory and services.
avahi() {
  local namespace=$1 name=$2 directory=$work/$2
  mkdir -p "$directory/services"
  cat >"$directory/bus.conf" <<CONF
<busconfig>
  <type>system</type>
  <listen>unix:path=$directory/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
CONF
  cat >"$directory/services/web.service" <<CONF
<service-group>
  <name>Web server of $name, first floor: é</name>
  <service>
    <type>_http._tcp</type>
    <port>80</port>
    <txt-record>path=/</txt-record>
    <txt-record>note=semi;colon "quoted"</txt-record>
  </service>
</service-group>
CONF
  cat >"$directory/avahi.conf" <<CONF
[server]
host-name=$name
use-ipv4=yes
use-ipv6=yes
allow-interfaces=eth0
enable-dbus=yes
[publish]
publish-hinfo=yes
publish-workstation=no
[wide-area]
enable-wide-area=no
CONF
  start "$namespace" dbus-daemon --nofork --config-file="$directory/bus.conf"
  wait_for test -S "$directory/bus"
  # `ip netns exec` gives a mount namespace of its own: what is mounted here is mounted nowhere else.
  start "$namespace" env DBUS_SYSTEM_BUS_ADDRESS="unix:path=$directory/bus" sh -c '
    mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon && mount --bind "$1/services" /etc/avahi/services &&
      exec avahi-daemon --no-drop-root --no-chroot --no-rlimits --file "$1/avahi.conf"' sh "$directory"
}


multicast_dns() {
  avahi "$server" printer
  avahi "$client" laptop
  sleep 4
  on_client env DBUS_SYSTEM_BUS_ADDRESS="unix:path=$work/laptop/bus" timeout 5 avahi-browse -a -t -r >>"$work/tools.log" 2>&1 || true
  local tool
  for tool in "-4 printer.local" "-6 printer.local" "-4 nobody.local"; do
    on_client env DBUS_SYSTEM_BUS_ADDRESS="unix:path=$work/laptop/bus" timeout 6 avahi-resolve -n $tool >>"$work/tools.log" 2>&1 || true
  done
  on_client env DBUS_SYSTEM_BUS_ADDRESS="unix:path=$work/laptop/bus" timeout 5 avahi-resolve -a "$server4" >>"$work/tools.log" 2>&1 || true
  # A query by unicast from a port of its own (RFC 6762, section 6.7): answered like plain DNS.
  on_client dig +tries=1 +time=2 +nocookie -p 5353 @"$server4" printer.local A >>"$work/tools.log" 2>&1 || true
}

# Header of 12 bytes (id, flags, counts), question `laptop A IN`, answer with a pointer to the name.
laptop_question=(066c6170746f70 00 0001 0001)
laptop_answer=(066c6170746f70 00 0001 0001 0000001e 0004 c6336435)

llmnr() {
  send "$client" "$client4" 40000 224.0.0.252 5355 1001 0000 0001 0000 0000 0000 "${laptop_question[@]}"
  send "$server" "$server4" 5355 "$client4" 40000 1001 8000 0001 0001 0000 0000 "${laptop_question[@]}" "${laptop_answer[@]}"
  send "$client" :: 40001 ff02::1:3%eth0 5355 1002 0000 0001 0000 0000 0000 "${laptop_question[@]}"
  # C and T set: several claim the name, and the responder is not sure of it yet.
  send "$client" "$client4" 40002 224.0.0.252 5355 1003 0000 0001 0000 0000 0000 "${laptop_question[@]}"
  send "$server" "$server4" 5355 "$client4" 40002 1003 8500 0001 0001 0000 0000 "${laptop_question[@]}" "${laptop_answer[@]}"
}

make_namespaces
capture "$client" dns/multicast-dns.pcap multicast_dns
capture "$client" dns/llmnr.pcap llmnr
