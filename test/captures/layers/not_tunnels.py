"""Ordinary traffic on tunnels' ports, tunnels that are cut or in fragments, and what is in them but no packet."""
import struct

from headers import *


def frames():
    answer = bytes.fromhex("08008180000100010000000003777777076578616d706c650000010001c00c00010001000000780004c0000205")
    vxlan = struct.pack("!II", 0x08000000, 5000 << 8) + INNER_FRAME4
    deep = INNER_UDP4
    for _ in range(9):
        deep = ip4(deep, 4)
    ports = (1701, 2152, 3544, 4341, 4754, 4789, 4790, 5072, 6080, 6081, 6635, 8472)
    first_fragment = ip4(udp(SRC4, DST4, 49152, 4789, vxlan)[:88], fragment=0x2000, ident=7)
    return on_ethernet(
        *(over_udp4(port, answer, 53) for port in ports),
        *(over_udp4(port, b"\x30" * 48, 49152) for port in ports),
        ethernet(first_fragment, 0x0800),
        ethernet(ip4(INNER_UDP4 + bytes(16), 4, fragment=0x2000), 0x0800),
        ethernet(ip4(bytes(24), 4, fragment=5), 0x0800),
        ethernet(ip6(fragment6(41, 0, 1) + INNER_UDP6 + bytes(5), 44), 0x86DD),
        over4(4, b"\x00" * 24),
        over4(41, INNER_UDP6[:39]),
        over4(47, gre(0x0800, b"\x45\0\0\x10" + bytes(16))),
        over4(47, b"\x20\0\x08"),
        over4(47, gre(0x8847, labels(5, 6))),
        over_udp4(4789, vxlan[:14]),
        over_udp4(2152, bytes.fromhex("30ff 0100 00000001") + INNER_UDP4, 2152),
        over_udp4(2152, bytes.fromhex("3201 0004 00000000 00010000"), 2152),
        ethernet(deep, 0x0800),
        (over4(47, gre(0x0800, INNER_UDP4))[:60], 70),
        (over4(47, gre(0x0800, INNER_UDP4))[:50], 70),
        (over_udp4(4789, vxlan)[:70], 110),
    )
