"""Options, extension headers, fragments, and what IP carries without a tunnel."""
import struct

from headers import *


def frames():
    segment = tcp(SRC6, DST6, 49155, 443, bytes(66000))
    jumbo = extension(6, bytes.fromhex("c204") + struct.pack("!I", 8 + len(segment)))
    jumbogram = ethernet(ip6(jumbo + segment, 0, length=0), 0x86DD)
    segment_options = bytes.fromhex("020405b4 0402 0303 07")
    record_route = bytes.fromhex("0707040a000001")
    mobility = bytes.fromhex("0500 0000 0001 0000")
    routing = bytes.fromhex("0400 00000000") + address(DST6)
    whole = udp(SRC6, DST6, 49152, 40007, b"abc")
    datagram = udp(SRC4, DST4, 49152, 40007, bytes(40))
    return on_ethernet(
        ethernet(ip4(udp(SRC4, DST4, 49152, 40007, b"abc"), options=bytes.fromhex("94040000")), 0x0800),
        ethernet(ip4(tcp(SRC4, DST4, 49153, 80, b"abc", segment_options), 6, options=record_route), 0x0800),
        ethernet(ip4(datagram[:24], fragment=0x2000, ident=0x1234), 0x0800),
        ethernet(ip4(datagram[24:], fragment=3, ident=0x1234), 0x0800),
        ethernet(ip4(authentication(17) + udp(SRC4, DST4, 49152, 40007, b"abc"), 51), 0x0800),
        ethernet(ip4(authentication(51) + authentication(6) + tcp(SRC4, DST4, 49153, 80), 51), 0x0800),
        ethernet(ip4(bytes(24), 50), 0x0800),
        ethernet(ip4(icmp(8, 0, bytes(12)), 1), 0x0800),
        ethernet(ip4(icmp(3, 3, bytes(4) + INNER_UDP4), 1), 0x0800),
        ethernet(ip4(sctp(49152, 2905), 132), 0x0800),
        ethernet(ip4(struct.pack("!HHBBHI", 49152, 5001, 4, 0, 0, 0) + bytes(4), 33), 0x0800),
        ethernet(ip4(checked(struct.pack("!HHHH", 49152, 40007, 0, 0) + b"abc", 6, SRC4, DST4, 136), 136), 0x0800),
        ethernet(ip4(tcp(SRC4, DST4, 49153, 80, b"abc"), 6, total=0), 0x0800),
        ethernet(ip6(extension(43) + extension(60, routing) + extension(51) + authentication(17) + whole, 0), 0x86DD),
        ethernet(ip6(fragment6(17, 0, 1) + datagram[:24], 44), 0x86DD),
        ethernet(ip6(fragment6(17, 24, 0) + datagram[24:], 44), 0x86DD),
        ethernet(ip6(fragment6(17, 0, 0) + whole, 44), 0x86DD),
        (jumbogram[:150], len(jumbogram)),
        ethernet(ip6(extension(59, mobility), 135), 0x86DD),
        ethernet(ip6(extension(59, bytes.fromhex("0110 0000 0000") + bytes(32)), 139), 0x86DD),
        ethernet(ip6(extension(17, bytes.fromhex("8000 00000000")) + whole, 140), 0x86DD),
        ethernet(ip6(icmp6(SRC6, DST6, 128, 0, bytes(12)), 58), 0x86DD),
        ethernet(ip6(icmp6(SRC6, DST6, 1, 4, bytes(4) + INNER_UDP6), 58), 0x86DD),
        ethernet(ip6(sctp(49152, 2905), 132), 0x86DD),
        ethernet(ip6(b"", 59), 0x86DD),
    )
