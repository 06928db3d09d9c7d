#!/usr/bin/env bash
# ICMP and ICMPv6: ping, traceroute and the kernel's errors through a router, neighbour discovery, radvd, multicast listeners.
#
#   client eth0 198.51.100.10  ───  198.51.100.53 eth0 server eth1 192.0.2.1  ───  192.0.2.2 eth0 far
#     2001:db8:53::10                2001:db8:53::53          2001:db8:2::1       2001:db8:2::2
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/namespaces.sh"

far=wireloom-$$-far
namespaces+=("$far")
far4=192.0.2.2 far6=2001:db8:2::2
# On the far link, and nobody has them.
missing4=192.0.2.99 missing6=2001:db8:2::99
# The router refuses these networks, does not know that one, and has a better way to this one.
prohibited4=203.0.113.1 prohibited6=2001:db8:13::1
unknown4=198.19.0.1 unreachable4=192.0.2.129 unreachable6=2001:db8:14::1
elsewhere4=198.18.0.1 elsewhere6=2001:db8:18::1

on_far() { ip netns exec "$far" "$@"; }
ping_client() { on_client ping -q -W 1 -i 0.2 "$@" >>"$work/ping.log" 2>&1 || true; }
icmp_from() {
  local namespace=$1
  shift
  ip netns exec "$namespace" python3 "$repository/test/captures/send-icmp.py" "$@"
}
by_hand() { on_client python3 "$repository/test/captures/send-frame.py" "$@"; }
trace() { on_client "$@" >>"$work/trace.log" 2>&1 || true; }

make_router() {
  ip netns add "$far"
  ip -n "$server" link add eth1 address 02:00:00:00:01:53 type veth peer name eth0 address 02:00:00:00:01:02 netns "$far"
  on_server ethtool -K eth1 tx off rx off tso off gso off gro off >/dev/null 2>&1
  on_far ethtool -K eth0 tx off rx off tso off gso off gro off >/dev/null 2>&1
  on_server sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 \
    net.ipv4.icmp_msgs_per_sec=100000 net.ipv4.icmp_echo_ignore_broadcasts=0 net.ipv4.icmp_echo_enable_probe=1 \
    net.ipv4.ipfrag_time=1 net.ipv6.ip6frag_time=1
  ip -n "$server" link set eth1 up mtu 1400
  ip -n "$far" link set eth0 up mtu 1400
  ip -n "$far" link set lo up
  ip -n "$server" address add 192.0.2.1/25 dev eth1
  ip -n "$server" address add 2001:db8:2::1/64 dev eth1 nodad
  ip -n "$far" address add "$far4/25" dev eth0
  ip -n "$far" address add "$far6/64" dev eth0 nodad
  ip -n "$far" route add default via 192.0.2.1
  ip -n "$far" route add default via 2001:db8:2::1
  ip -n "$client" route add default via "$server4"
  ip -n "$client" route add default via "$server6"
  ip -n "$server" route add prohibit 203.0.113.0/24
  ip -n "$server" route add prohibit 2001:db8:13::/64
  ip -n "$server" route add unreachable 192.0.2.128/25
  ip -n "$server" route add unreachable 2001:db8:14::/64
  ip -n "$server" route add 198.18.0.0/24 via "$nobody4"
  # A redirect of IPv6 names a link-local address.
  ip -n "$server" neighbour add fe80::99 lladdr 02:00:00:00:00:99 dev eth0
  ip -n "$server" route add 2001:db8:18::/64 via fe80::99 dev eth0
  until [[ -z $(ip -n "$far" -6 address show tentative; ip -n "$server" -6 address show tentative) ]]; do sleep 0.1; done
  ping_client -c 1 "$far4"
  ping_client -c 1 "$far6"
}

echoes() {
  local size
  for size in 0 56 1300; do
    ping_client -c 2 -s "$size" "$server4"
    ping_client -c 2 -s "$size" "$server6"
  done
  ping_client -c 2 "$far4"
  ping_client -c 2 "$nobody4"
  ping_client -c 2 "$nobody6"
  # Groups: the request goes to all, each answers from its own address.
  ping_client -c 1 -b 198.51.100.255
  ping_client -c 1 -I eth0 ff02::1
  # A reply that nobody asked for, and one more to a request that was answered.
  icmp_from "$server" "$client4" 00 00 0000 4242 0007 6869
  icmp_from "$server" "$client6" 81 00 0000 4242 0007 6869
}

# More than the 1500 bytes of a frame.
fragments() {
  ping_client -c 2 -s 4000 "$server4"
  ping_client -c 2 -s 4000 "$server6"
}

queries() {
  # Timestamp, which the kernel answers; one that nobody does; information, which is history.
  icmp_from "$client" "$server4" 0d 00 0000 4242 0001 02ad2f00 00000000 00000000
  icmp_from "$client" "$nobody4" 0d 00 0000 4242 0002 02ad2f00 00000000 00000000
  icmp_from "$client" "$server4" 0f 00 0000 4242 0003
  # Address mask: the kernel has given up on it, so the reply is by hand.
  icmp_from "$client" "$server4" 11 00 0000 4242 0004 00000000
  icmp_from "$server" "$client4" 12 00 0000 4242 0004 ffffff00
  # Extended echo (RFC 8335): by name, by index, by address, for an interface that is not there; over IPv6.
  icmp_from "$client" "$server4" 2a 00 0000 4242 05 01 2000 0000 0008 0301 6574 6830
  icmp_from "$client" "$server4" 2a 00 0000 4242 06 01 2000 0000 0008 0302 0000 0001
  icmp_from "$client" "$server4" 2a 00 0000 4242 07 01 2000 0000 000c 0303 0001 0400 c6336435
  icmp_from "$client" "$server4" 2a 00 0000 4242 08 01 2000 0000 0008 0301 6574 6839
  icmp_from "$client" "$server6" a0 00 0000 4242 09 01 2000 0000 0008 0301 6574 6831
  icmp_from "$client" "$server6" a0 00 0000 4242 0a 01 2000 0000 0018 0303 0002 1000 20010db8005300000000000000000053
}

# A UDP datagram's first fragment, whose others never come; over IPv6 too.
first_fragments() {
  local payload=667261676d656e74667261676d656e74
  local udp="9c40 270f 0040 0001 $payload" ethernet='020000000053 020000000010'
  by_hand $ethernet 0800 4500 002c 0007 2000 4011 0614 c633640a c6336435 $udp
  by_hand $ethernet 86dd 60000000 0020 2c40 20010db8005300000000000000000010 20010db8005300000000000000000053 \
    11 00 0001 00000007 $udp
}

errors() {
  # Nobody at the port, of the host itself and behind the router.
  send "$client" "$client4" 40001 "$server4" 9999 68656c6c6f
  send "$client" "$client6" 40001 "$server6" 9999 68656c6c6f
  send "$client" "$client4" 40002 "$far4" 9999 "$(printf '61%.0s' {1..600})"
  send "$client" "$client6" 40002 "$far6" 9999 "$(printf '61%.0s' {1..600})"
  # No such protocol or next header.
  on_client python3 -c '
import socket
for family, destination in (socket.AF_INET, "'"$server4"'"), (socket.AF_INET6, "'"$server6"'"):
    socket.socket(family, socket.SOCK_RAW, 253).sendto(b"experiment", (destination, 0))'
  # Refused, unreachable, without a route; TCP among it. The kernel sends such errors of IPv4 no faster than one a second.
  sleep 1
  ping_client -c 1 "$prohibited4"
  ping_client -c 1 "$prohibited6"
  sleep 1
  ping_client -c 1 "$unreachable4"
  ping_client -c 1 "$unreachable6"
  sleep 1
  ping_client -c 1 "$unknown4"
  sleep 1
  on_client timeout 1 bash -c "exec 3<>/dev/tcp/$prohibited4/80" 2>/dev/null || true
  on_client timeout 1 bash -c "exec 3<>/dev/tcp/$prohibited6/80" 2>/dev/null || true
  # The router looks for the host and gives up after three seconds.
  ping_client -c 1 -W 4 "$missing4"
  ping_client -c 1 -W 4 "$missing6"
  # Too big for the far link.
  ping_client -c 1 -M do -s 1420 "$far4"
  ping_client -c 1 -M do -s 1420 "$far6"
  # Fragments that never come.
  first_fragments
  sleep 3
}

# What routers and hosts send seldom: by hand, quoting a UDP datagram from client port 40000 to 192.0.2.2 port 33434.
rare_errors() {
  local datagram=4500003c0001000001110000c633640ac0000202
  local udp=9c40829a00280000
  local bytes=$datagram$udp$(printf '00%.0s' {1..100})
  # Source quench; a bad option at byte 20; redirects for networks; precedence cut off; a code without a name.
  icmp_from "$server" "$client4" 04 00 0000 00000000 "$datagram" "$udp"
  icmp_from "$server" "$client4" 0c 00 0000 14000000 "$datagram" "$udp"
  icmp_from "$server" "$client4" 05 00 0000 c6336463 "$datagram" "$udp"
  icmp_from "$server" "$client4" 03 0f 0000 00000000 "$datagram" "$udp"
  icmp_from "$server" "$client4" 03 63 0000 00000000 "$datagram" "$udp"
  # Less than a header, and nothing at all, quoted.
  icmp_from "$server" "$client4" 0b 00 0000 00000000 "${datagram:0:24}"
  icmp_from "$server" "$client4" 0b 00 0000 00000000
  # Time exceeded with a stack of two MPLS labels: 32 words quoted (RFC 4884), then 16001 with class 5 and TTL 1, 3 with TTL 254.
  icmp_from "$server" "$client4" 0b 00 0000 00200000 "$bytes" 2000 8f0b 000c 0101 03e81a01 000031fe
  # The same as routers from before RFC 4884 did it.
  icmp_from "$server" "$client4" 0b 00 0000 00000000 "$bytes" 2000 8f0b 000c 0101 03e81a01 000031fe
  # The interface that the packet came in by (RFC 5837): index 7, an address, the name ge-0/0/1, MTU 9000.
  icmp_from "$server" "$client4" 0b 00 0000 00200000 "$bytes" 2000 0000 0020 020f 00000007 0001 0000 c6336435 \
    0c 67652d302f302f31 000000 00002328
  # IPv6: 16 times eight bytes quoted, one label, and the interface by index, name and MTU.
  icmp_from "$server" "$client6" 03 00 0000 10000000 6000000000583a01 20010db8005300000000000000000010 \
    20010db8000200000000000000000002 8000000000010002 "$(printf '00%.0s' {1..80})" \
    2000 0000 0008 0101 03e81901 0014 020b 00000002 08 65746830 000000 00000578
  # An erroneous header field of IPv6.
  icmp_from "$server" "$client6" 04 00 0000 00000028 6000000000083a01 20010db8005300000000000000000010 \
    20010db8000200000000000000000002 8000000000010002
}

traceroutes() {
  trace traceroute -n -q 1 -m 3 -w 1 "$far4"
  trace traceroute -n -I -q 1 -m 3 -w 1 "$far4"
  trace traceroute -n -T -q 1 -m 3 -w 1 "$far4"
  trace traceroute -n -6 -q 1 -m 3 -w 1 "$far6"
  trace traceroute -n -6 -I -q 1 -m 3 -w 1 "$far6"
}

redirects() {
  on_server sysctl -q net.ipv4.conf.all.send_redirects=1 net.ipv4.conf.eth0.send_redirects=1
  ping_client -c 1 "$elsewhere4"
  ping_client -c 1 "$elsewhere6"
}

neighbours() {
  ip -n "$client" -6 neighbour flush dev eth0
  ping_client -c 1 "$server6"
  trace ndisc6 -1 -q "$server6" eth0
  # Nobody answers.
  ping_client -c 1 -W 4 2001:db8:53::77
  # A new address is checked for duplicates; the second one is one.
  ip -n "$client" address add 2001:db8:53::88/64 dev eth0
  sleep 1.5
  ip -n "$server" address add 2001:db8:53::88/64 dev eth0
  sleep 1.5
  ip -n "$server" address delete 2001:db8:53::88/64 dev eth0
  ip -n "$client" address delete 2001:db8:53::88/64 dev eth0
  # Still there? The kernel asks the neighbour itself.
  on_client ip -6 neighbour replace "$server6" lladdr 02:00:00:00:00:53 nud probe dev eth0
  sleep 0.5
  # An advertisement that nobody asked for.
  icmp_from "$server" ff02::1%eth0 88 00 0000 20000000 20010db8005300000000000000000053 0201 020000000053
}

routers() {
  cat >"$work/radvd.conf" <<CONF
interface eth0 {
  AdvSendAdvert on;
  MinRtrAdvInterval 3;
  MaxRtrAdvInterval 4;
  AdvManagedFlag on;
  AdvOtherConfigFlag on;
  AdvDefaultPreference high;
  AdvReachableTime 30000;
  AdvRetransTimer 1000;
  AdvLinkMTU 1400;
  prefix 2001:db8:53::/64 { };
  prefix 2001:db8:54::/60 { AdvOnLink off; AdvAutonomous off; AdvRouterAddr on; AdvValidLifetime infinity; AdvPreferredLifetime 600; };
  route 2001:db8:aaaa::/48 { AdvRoutePreference low; AdvRouteLifetime 3600; };
  route ::/0 { AdvRoutePreference high; };
  RDNSS 2001:db8:53::53 2001:db8:53::54 { AdvRDNSSLifetime 600; };
  DNSSL wireloom.example sub.wireloom.example { AdvDNSSLLifetime 900; };
};
CONF
  start "$server" radvd -n -C "$work/radvd.conf" -p "$work/radvd.pid" -m stderr
  sleep 1
  trace rdisc6 -1 -q eth0
  sleep 4
  kill "${daemons[-1]}"
  sleep 1
  # By hand: a captive portal (RFC 8910) and a NAT64 prefix (RFC 8781), neither known to radvd; IPv4 routers (RFC 1256).
  icmp_from "$server" ff02::1%eth0 86 00 0000 40 00 0708 00000000 00000000 \
    2504 68747470733a2f2f706f7274616c2e6578616d706c652f00 000000000000 2602 0708 0064ff9b0000000000000000
  icmp_from "$server" "$client4" 09 00 0000 02 02 0708 c6336435 00000000 c6336436 ffffffff
  icmp_from "$client" "$server4" 0a 00 0000 00000000
}

# join SECONDS [SOURCE] : the client listens to ff05::abcd, where SOURCE is given to that sender only.
join() {
  on_client python3 -c '
import socket, struct, sys, time
group, index = socket.inet_pton(socket.AF_INET6, "ff05::abcd"), socket.if_nametoindex("eth0")
listener = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
if len(sys.argv) == 2:
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group + struct.pack("@I", index))
else:
    address = lambda host: struct.pack("@HHI16sI", socket.AF_INET6, 0, 0, host, 0).ljust(128, b"\0")
    source = socket.inet_pton(socket.AF_INET6, sys.argv[2])
    MCAST_JOIN_SOURCE_GROUP = 46
    listener.setsockopt(socket.IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP, struct.pack("@Q", index) + address(group) + address(source))
time.sleep(float(sys.argv[1]))' "$@"
}

listeners() {
  join 0.5
  join 0.5 2001:db8:53::53
  # Queries of version 2 with long and very long delays, and of version 1; the kernel answers.
  icmp_from "$server" ff02::1%eth0 82 00 0000 0064 0000 00000000000000000000000000000000 02 7d 0000
  sleep 0.5
  icmp_from "$server" ff02::1%eth0 82 00 0000 8123 0000 00000000000000000000000000000000 02 7d 0000
  on_client sysctl -q net.ipv6.conf.eth0.force_mld_version=1
  icmp_from "$server" ff02::1%eth0 82 00 0000 0064 0000 00000000000000000000000000000000
  join 1
  sleep 0.5
  on_client sysctl -q net.ipv6.conf.eth0.force_mld_version=0
}

few() {
  ping_client -c 2 "$server4"
  ping_client -c 2 "$server6"
  send "$client" "$client4" 40001 "$server4" 9999 68656c6c6f
  send "$client" "$client6" 40001 "$server6" 9999 68656c6c6f
}

make_namespaces
make_router
capture "$client" icmp/echo.pcap echoes
capture "$client" icmp/fragments.pcap fragments
capture "$client" icmp/queries.pcap queries
capture "$client" icmp/errors.pcap errors
capture "$client" icmp/rare-errors.pcap rare_errors
capture "$client" icmp/traceroute.pcap traceroutes
capture "$client" icmp/redirects.pcap redirects
capture "$client" icmp/neighbours.pcap neighbours
capture "$client" icmp/routers.pcap routers
capture "$client" icmp/multicast-listeners.pcap listeners
capture_options=(-i any)
capture "$server" icmp/any-sll2.pcap few
# Headers and the first bytes of what errors quote.
capture_options=(-i eth0 -s 64)
capture "$client" icmp/snap-length-64.pcap few
