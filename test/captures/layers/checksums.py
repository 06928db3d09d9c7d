"""Each checksum once right and once wrong, and pseudo headers whose addresses are not the packet's."""
import struct

from headers import *


def frames():
    wrong = lambda data, at: data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
    home = address("2001:db8::99")
    route = address("2001:db8::a") + address("2001:db8::b")
    echo6 = lambda dst, src=SRC6: icmp6(src, dst, 128, 0, bytes.fromhex("0001000161626364"))
    to = lambda dst, src=SRC6: udp(src, dst, 49152, 40007, b"abcde")
    parts = [
        (ip4, udp(SRC4, DST4, 49152, 40007, b"abc"), 17, 6),
        (ip4, tcp(SRC4, DST4, 49153, 80, b"abc"), 6, 16),
        (ip4, icmp(8, 0, bytes.fromhex("0001000161")), 1, 2),
        (ip4, sctp(49152, 2905), 132, 8),
        (ip6, udp(SRC6, DST6, 49152, 40007, b"abc"), 17, 6),
        (ip6, tcp(SRC6, DST6, 49153, 80, b"ab"), 6, 16),
        (ip6, echo6(DST6), 58, 2),
        (ip6, sctp(49152, 2905), 132, 8),
    ]
    frames = []
    for wrap, data, protocol, at in parts:
        kind = 0x0800 if wrap is ip4 else 0x86DD
        frames += [ethernet(wrap(data, protocol), kind), ethernet(wrap(wrong(data, at), protocol), kind)]
    cut = ethernet(ip4(tcp(SRC4, DST4, 49153, 80, bytes(100)), 6), 0x0800)
    zero = udp(SRC6, DST6, 49152, 40007, b"abc", checksum=False)
    # A sum that is 0 is sent as 0xffff.
    folded = udp(SRC4, DST4, 49152, 40007, bytes.fromhex("0000"), checksum=False)
    rest = ones_complement(pseudo(address(SRC4), address(DST4), 17, len(folded)) + folded)
    loose_route = bytes.fromhex("83 0b 04") + address("192.0.2.3") + address("192.0.2.4")
    ended_route = bytes.fromhex("83 07 08") + address("192.0.2.3")
    return on_ethernet(
        *frames,
        ethernet(wrong(ip4(udp(SRC4, DST4, 49152, 40007, b"abc")), 10), 0x0800),
        ethernet(ip4(udp(SRC4, DST4, 49152, 40007, b"abc", checksum=False)), 0x0800),
        ethernet(ip4(udp(SRC4, DST4, 49152, 40007, struct.pack("!H", rest))), 0x0800),
        ethernet(ip6(zero), 0x86DD),
        (cut[:100], len(cut)),
        ethernet(ip4(to("192.0.2.4", SRC4), options=loose_route), 0x0800),
        ethernet(ip4(to(DST4, SRC4), options=b"\1" + ended_route), 0x0800),
        ethernet(ip6(extension(17, bytes.fromhex("0002 00000000") + route) + to("2001:db8::b"), 43), 0x86DD),
        ethernet(ip6(extension(17, bytes.fromhex("0000 00000000") + route) + to(DST6), 43), 0x86DD),
        ethernet(ip6(extension(58, bytes.fromhex("0401 01000000") + route) + echo6("2001:db8::a"), 43), 0x86DD),
        ethernet(ip6(extension(17, bytes.fromhex("0102 0000 c910") + home) + to(DST6, "2001:db8::99"), 60), 0x86DD),
        ethernet(ip6(authentication(17) + to(DST6), 51), 0x86DD),
        over4(41, ip6(wrong(to(INNER6[1], INNER6[0]), 6), 17, *INNER6)),
    )
