#!/usr/bin/env bash
# ARP: the kernel's own, announcements and probes of busybox arping, two hosts with one address, frames by hand.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/namespaces.sh"

client_mac=020000000010 server_mac=020000000053 everybody=ffffffffffff unknown=000000000000
# Free on the link until a scenario takes it; the same in hexadecimal digits.
free4=198.51.100.77 free4_hex=c633644d client4_hex=c633640a server4_hex=c6336435

on_client_arping() { on_client busybox arping -I eth0 "$@" >>"$work/arping.log" || true; }
on_server_arping() { on_server busybox arping -I eth0 "$@" >>"$work/arping.log" || true; }

# by_hand FRAME_PART... : one frame from the client.
by_hand() { on_client python3 "$repository/test/captures/send-frame.py" "$@"; }

resolution() {
  on_client ping -q -c 1 "$server4" >/dev/null
  # The kernel asks three times, a second apart.
  on_client ping -q -c 1 -W 4 "$free4" >/dev/null || true
  # By broadcast first, then to the MAC that answered.
  on_client_arping -c 3 "$server4"
  # From each side at once: each asks the other.
  on_client ip neighbour flush dev eth0
  on_server ip neighbour flush dev eth0
  on_client ping -q -c 1 "$server4" >/dev/null
}

announcements() {
  # Probes of a free address and of one in use.
  on_client_arping -D -c 2 "$free4"
  on_client_arping -D -c 2 "$server4"
  # With zeros as target's MAC, as RFC 5227 would have it.
  on_client arping -q -i eth0 -0 -c 1 -W 0.5 "$server4" || true
  # Unsolicited requests and replies.
  on_client_arping -U -c 2 "$client4"
  on_client_arping -A -c 2 "$client4"
  # What the kernel announces when an interface gets its link back.
  on_server sysctl -q net.ipv4.conf.eth0.arp_notify=1
  ip -n "$server" link set eth0 down
  ip -n "$server" link set eth0 up
  sleep 1
}

# Both hosts have one address and say so in turns.
conflict() {
  ip -n "$client" address add "$free4/24" dev eth0
  on_client_arping -U -c 1 "$free4"
  ip -n "$server" address add "$free4/24" dev eth0
  on_server_arping -U -c 2 "$free4"
  on_client_arping -A -c 1 "$free4"
  # A probe answered by the one that has the address still.
  on_client ip address delete "$free4/24" dev eth0
  on_client_arping -D -c 1 "$free4"
  ip -n "$server" address delete "$free4/24" dev eth0
}

# Hardware type, protocol type, address lengths, operation, sender, target.
relatives() {
  # RARP: who am I, and the answer; what an emulator sends when its guest has moved.
  by_hand "$everybody" "$client_mac" 8035 0001 0800 0604 0003 "$client_mac" 00000000 "$client_mac" 00000000
  by_hand "$client_mac" "$server_mac" 8035 0001 0800 0604 0004 "$server_mac" "$server4_hex" "$client_mac" "$client4_hex"
  # InARP: whose is this hardware address.
  by_hand "$server_mac" "$client_mac" 0806 0001 0800 0604 0008 "$client_mac" "$client4_hex" "$server_mac" 00000000
  by_hand "$client_mac" "$server_mac" 0806 0001 0800 0604 0009 "$server_mac" "$server4_hex" "$client_mac" "$client4_hex"
  # IPv4 over InfiniBand, whose hardware addresses have 20 bytes (RFC 4391).
  by_hand "$everybody" "$client_mac" 0806 0020 0800 1404 0001 \
    00000048fe80000000000000000000000000000a "$client4_hex" 0000000000000000000000000000000000000000 "$server4_hex"
  # Chaosnet over Ethernet, for whose sake RFC 826 has address lengths.
  by_hand "$everybody" "$client_mac" 0806 0001 0804 0602 0001 "$client_mac" 0101 "$unknown" 0102
  # An operation that is not assigned.
  by_hand "$everybody" "$client_mac" 0806 0001 0800 0604 0063 "$client_mac" "$client4_hex" "$unknown" "$free4_hex"
}

make_namespaces
capture "$client" arp/resolution.pcap resolution
capture "$client" arp/announcements.pcap announcements
capture "$client" arp/conflict.pcap conflict
capture "$client" arp/relatives.pcap relatives
capture_options=(-i any)
capture "$server" arp/any-sll2.pcap on_client_arping -c 2 "$server4"
# 14 bytes of Ethernet and 20 of 28.
capture_options=(-i eth0 -s 34)
capture "$client" arp/snap-length-34.pcap on_client_arping -c 2 "$server4"
