#!/usr/bin/env bash
# DHCP and DHCPv6: ISC's server, client and relay, dnsmasq, busybox's client; by hand what none of them sends.
#
#   client eth0 198.51.100.10  ───  198.51.100.53 eth0 server eth1 192.0.2.1  ───  192.0.2.2 eth0 far
#     2001:db8:53::10                2001:db8:53::53     relay   2001:db8:2::1       2001:db8:2::2 server of the relay
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/namespaces.sh"

far=wireloom-$$-far
namespaces+=("$far")
far4=192.0.2.2 far6=2001:db8:2::2
client_mac=020000000010

on_far() { ip netns exec "$far" "$@"; }

# Ends the daemon started last.
end_last() {
  kill "${daemons[-1]}"
  wait "${daemons[-1]}" 2>/dev/null || true
  unset 'daemons[-1]'
}

# isc_server NAMESPACE VERSION INTERFACE : with the configuration of dhcp/dhcpd<VERSION>.conf.
isc_server() {
  local namespace=$1 version=$2 interface=$3
  : >"$work/dhcpd$version.leases"
  start "$namespace" dhcpd "-$version" -d -cf "$here/dhcp/dhcpd$version.conf" -lf "$work/dhcpd$version.leases" -pf "$work/dhcpd$version.pid" \
    "$interface"
  sleep 1
}

# isc_client NAME OPTION... : dhclient until it has what it wants, with leases of its own, and nothing done with them.
isc_client() {
  local name=$1
  shift
  on_client timeout "${limit:-20}" dhclient -1 -q -cf "${conf:-$here/dhcp/dhclient.conf}" -lf "$work/$name.leases" -pf "$work/$name.pid" -sf "${script:-/bin/true}" \
    "$@" eth0 >>"$work/dhclient.log" 2>&1 || true
}

# The same again, to let the lease go.
isc_release() {
  local name=$1
  shift
  isc_client "$name" -r "$@"
}

# Ends a client without a word to the server.
end_client() { kill "$(cat "$work/$1.pid")" 2>/dev/null || true; }

udhcpc() { on_client timeout "${limit:-6}" busybox udhcpc -f -q -n -t 2 -T 1 -i eth0 -s /bin/true "$@" >>"$work/udhcpc.log" 2>&1 || true; }

isc() {
  isc_client isc
  isc_release isc
}

# A client that takes small messages only: the server puts options into the fields for names, and one into all three places.
crowded() {
  sed 's/dhcp-max-message-size 700/dhcp-max-message-size 576/' "$here/dhcp/dhclient.conf" >"$work/crowded.conf"
  conf=$work/crowded.conf isc_client crowded
  conf=$work/crowded.conf isc_release crowded
}

# An address of elsewhere, that a lease from yesterday has.
refused() {
  cat >"$work/refused.leases" <<LEASES
lease {
  interface "eth0";
  fixed-address 203.0.113.5;
  option subnet-mask 255.255.255.0;
  option dhcp-lease-time 8640000;
  option dhcp-message-type 5;
  option dhcp-server-identifier 198.51.100.53;
  renew 4 2037/01/01 00:00:00;
  rebind 4 2037/01/01 00:00:00;
  expire 4 2037/01/01 00:00:00;
}
LEASES
  isc_client refused
  isc_release refused
}

# The server's own address is promised to this client, which asks around before it takes it.
declined() { limit=1 udhcpc -a -x 0x3d:00646563 -A 1; }

# An ordinary client, and one of a network boot.
busybox_clients() {
  udhcpc -F client.wireloom.example -x hostname:client -V 'busybox test' -O search -O staticroutes -O msstaticroutes -O mtu -O wpad
  # Architecture 7, UNDI 3.16, a machine id; a user class in text and one in instances of 3 and 4 bytes.
  udhcpc -V PXEClient:Arch:00007:UNDI:003016 -x 0x5d:0007 -x 0x5e:010310 -x 0x61:00c0ffee00112233445566778899aabbcc -O tftp -O bootfile \
    -x 0x4d:69505845
  udhcpc -x 0x4d:036f6e650474776f32 -x 0x7c:0000a0da0564736c3031 -x 0x2b:0104c0ffee00ff
  # A DUID in the client id (RFC 4361).
  udhcpc -x 0x3d:ff00000001000300010200000000100a
  # Told to renew.
  start "$client" busybox udhcpc -f -n -i eth0 -s /bin/true
  sleep 1
  kill -USR1 "${daemons[-1]}"
  sleep 1
  end_last
}

# zeros COUNT : as many zero bytes in hexadecimal digits.
zeros() { printf '%0*d' $(($1 * 2)) 0; }

# fields OPERATION FLAGS CIADDR : a BOOTP header of the client, without its options.
fields() {
  printf '%s01060012345678%s%s%s000000000000000000000000%s%s%s' "$1" 0000 "$2" "$3" "$client_mac" "$(zeros 10)" \
    "$(zeros 192)"
}

# What clients send seldom: INFORM, BOOTP with and without options, a lease query, a renewal that the server forces.
by_hand() {
  local header cookie=63825363
  header=$(fields 01 0000 c633640a)
  send "$client" "$client4" 68 "$server4" 67 "$header" "$cookie" 350108 370401031c79 ff
  send "$client" "$client4" 68 "$server4" 67 "$(fields 01 0000 00000000)" "$cookie" 0c0462747031 ff
  send "$client" "$client4" 68 "$server4" 67 "$(fields 01 8000 00000000)" "$(zeros 64)"
  send "$client" "$client4" 67 "$server4" 67 "$header" "$cookie" 35010a 3604c6336435 ff
  send "$server" "$server4" 67 "$client4" 68 "$(fields 02 0000 00000000)" "$cookie" 350109 3604c6336435 ff
  # A rapid commit; a name in ASCII as clients sent it before RFC 4702.
  send "$client" "$client4" 68 "$server4" 67 "$header" "$cookie" 350101 5000 510d010000706c61696e2e686f7374 ff
  # Routes in two options, which are one (RFC 3396): 10.0.0.0/8 by .1, and 192.0.2.128/25 and the default by .2.
  send "$server" "$server4" 67 "$client4" 68 "$(fields 02 0000 00000000)" "$cookie" 350105 7909 080ac6336401 19c000 \
    790b 0280c6336402 00c6336402 ff
  # What relays say: circuit and remote id, link selection, subscriber id, server override, a suboption without a name here.
  send "$client" "$client4" 67 "$server4" 67 "$header" "$cookie" 350103 \
    522b 0104 00070001 0206 020000000077 0504 c6336400 0609 7375626372692d37 00 0b04 c6336435 9701 00 fe01 42 ff
  # Options in the fields for names too: 53 as ever; in the second the host name, in the first the domain.
  send "$client" "$client4" 68 "$server4" 67 "$(fields 01 0000 00000000 | head -c 88)" \
    0f10 776972656c6f6f6d2e6578616d706c65 ff "$(zeros 45)" 0c06 636c69656e74 ff "$(zeros 119)" "$cookie" 350101 340103 ff
  # FireWire, whose hardware addresses have eight bytes.
  send "$client" "$client4" 68 "$server4" 67 01180800 12345678 0000 8000 00000000 00000000 00000000 00000000 \
    0200000000000010 "$(zeros 200)" "$cookie" 350101 ff
}

# Two relays, of which the inner one tells the interface, remote id, subscriber and MAC of an information request's sender.
by_hand6() {
  local inner="0b 123456 0001 000a 00030001020000000010 0006 0004 0017 0018 0008 0002 0064 003d 0004 0007 0010 003e 0003 01030a"
  local relay="0c00 20010db8005300000000000000000001 fe800000000000000000000000000010 0012 0004 65746830 0025 0006 0000a0da 0102"
  relay+=" 0026 0002 7337 004f 0008 0001 020000000010"
  inner=${inner// /} relay=${relay// /}
  relay+=$(printf '0009%04x' $((${#inner} / 2)))$inner
  send "$client" "$client6" 547 "$server6" 547 0c01 20010db8000200000000000000000001 20010db8005300000000000000000001 0012 0001 07 \
    "$(printf '0009%04x' $((${#relay} / 2)))" "$relay"
  # A relay's message that carries none; a reconfiguration, which ISC's server has not.
  send "$client" "$client6" 547 "$server6" 547 0c00 20010db8005300000000000000000001 fe800000000000000000000000000010 0012 0001 07
  send "$server" "$server6" 547 "$client6" 546 0a 000000 0001 000a 00030001020000000010 0002 000a 00030001020000000053 0013 0001 05
}

# Two relays: the one in the middle is the kernel's neighbour of the server; the client's name is DHCPv6's own.
isc6() {
  script=/bin/true
  isc_client six -6
  isc_release six -6
  # One more address, a temporary one, and a prefix, under a DUID without a time.
  isc_client many -6 -N -T -P -D LL
  sleep 5
  isc_release many -6 -N -T -P -D LL
  # Settings only.
  isc_client stateless -6 -S
  isc_release stateless -6 -S
}

# The client finds that somebody has its address already, and says so.
declined6() {
  printf '#!/bin/sh\ncase $reason in BOUND6) exit 3;; esac\n' >"$work/decline"
  chmod 755 "$work/decline"
  script=$work/decline limit=1.5 isc_client declined -6
}

# The server is gone: the client renews, then asks any server; another one finds nobody.
rebind6() {
  isc_client rebind -6 -D LL
  end_last
  sleep 10
  end_client rebind
  limit=4 isc_client nobody -6 -D LL
}

relayed() {
  isc_client relayed
  isc_release relayed
}

relayed6() {
  isc_client relayed6 -6
  isc_release relayed6 -6
}

dnsmasq_server() {
  start "$server" dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --port=0 --no-resolv --no-hosts --pid-file= \
    --dhcp-leasefile="$work/dnsmasq.leases" --dhcp-authoritative --no-ping --dhcp-rapid-commit \
    --dhcp-range=198.51.100.160,198.51.100.190,255.255.255.0,1h --dhcp-range=2001:db8:53::1000,2001:db8:53::1fff,64,1h \
    --domain=wireloom.example --dhcp-option=option:router,198.51.100.53 --dhcp-option=option:ntp-server,198.51.100.53,198.51.100.54 \
    --dhcp-option=option:domain-search,wireloom.example,sub.wireloom.example --dhcp-option=option:mtu,1400 \
    --dhcp-option=option:classless-static-route,192.0.2.0/25,198.51.100.1,0.0.0.0/0,198.51.100.53 \
    --dhcp-option=249,192.0.2.0/25,198.51.100.1 --dhcp-option=252,http://wpad.wireloom.example/wpad.dat \
    --dhcp-option=option:tftp-server,boot.wireloom.example --dhcp-option=option:bootfile-name,grubx64.efi \
    --dhcp-boot=pxelinux.0,boot,198.51.100.53 --dhcp-option-force=option6:ntp-server,[2001:db8:53::53],[2001:db8:53::54] \
    --dhcp-option=option6:dns-server,[2001:db8:53::53] --dhcp-option-force=option6:41,CET-1CEST,M3.5.0,M10.5.0/3 \
    --dhcp-option-force=option6:103,https://portal.wireloom.example/ --dhcp-option-force=option6:112,https://mud.example/lamp.json \
    --dhcp-option=option6:information-refresh-time,6h \
    --dhcp-option-force=option6:59,tftp://[2001:db8:53::53]/grubx64.efi
  sleep 1
}

few6() {
  isc_client few -6
  isc_release few -6
}

few() {
  udhcpc
  few6
}

make_namespaces
ip -n "$server" address add 198.51.100.140/24 dev eth0
capture_options=(-i eth0 udp)
isc_server "$server" 4 eth0
capture "$client" dhcp/isc.pcap isc
capture "$client" dhcp/crowded.pcap crowded
capture "$client" dhcp/refused.pcap refused
capture "$client" dhcp/declined.pcap declined
capture "$client" dhcp/by-hand.pcap by_hand
end_last

isc_server "$server" 6 eth0
capture "$client" dhcp/isc6.pcap isc6
capture "$client" dhcp/by-hand6.pcap by_hand6
capture "$client" dhcp/declined6.pcap declined6
capture "$client" dhcp/rebind6.pcap rebind6

dnsmasq_server
capture "$client" dhcp/busybox.pcap busybox_clients
capture "$client" dhcp/dnsmasq6.pcap few6
capture_options=(-i any udp)
capture "$server" dhcp/any-sll2.pcap few
# Cut in the options.
capture_options=(-i eth0 -s 150 udp)
capture "$client" dhcp/snap-length-150.pcap few6
end_last

ip netns add "$far"
ip -n "$server" link add eth1 address 02:00:00:00:01:53 type veth peer name eth0 address 02:00:00:00:01:02 netns "$far"
ip -n "$server" link set eth1 up
ip -n "$far" link set eth0 up
ip -n "$server" address add 192.0.2.1/24 dev eth1
ip -n "$server" address add 2001:db8:2::1/64 dev eth1 nodad
ip -n "$far" address add "$far4/24" dev eth0
ip -n "$far" address add "$far6/64" dev eth0 nodad
ip -n "$far" route add 198.51.100.0/24 via 192.0.2.1
ip -n "$far" route add 2001:db8:53::/64 via 2001:db8:2::1
until [[ -z $(ip -n "$far" -6 address show tentative; ip -n "$server" -6 address show tentative) ]]; do sleep 0.1; done
on_server sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
isc_server "$far" 4 eth0
isc_server "$far" 6 eth0
start "$server" dhcrelay -4 -d -a -id eth0 -iu eth1 -pf "$work/relay.pid" "$far4"
start "$server" dhcrelay -6 -d -I -s subscriber-7 -pf "$work/relay6.pid" -l eth0 -u "$far6%eth1"
sleep 1
capture_options=(-i eth1 udp)
capture "$server" dhcp/relayed.pcap relayed
capture "$server" dhcp/relayed6.pcap relayed6
