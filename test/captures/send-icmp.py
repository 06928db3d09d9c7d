"""Sends one ICMP message: what a peer that no real software plays would send.

  send-icmp.py DESTINATION HEX...     send-icmp.py 198.51.100.53 0d 00 0000 1234 0001 ...

HEX pieces are joined, so that a shell script can show a message field by field; the checksum's two bytes are filled in. ICMPv6
leaves with a hop limit of 255. A link-local destination carries its zone: `fe80::1%eth0`.
"""
import socket
import sys

destination, *pieces = sys.argv[1:]
message = bytearray(bytes.fromhex("".join(pieces)))
if ":" in destination:
    wire = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    wire.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 255)
    wire.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
else:
    wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    total = sum(int.from_bytes(message[i : i + 2].ljust(2, b"\0"), "big") for i in range(0, len(message), 2))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    message[2:4] = (total ^ 0xFFFF).to_bytes(2, "big")
wire.sendto(bytes(message), socket.getaddrinfo(destination, 0)[0][4])
