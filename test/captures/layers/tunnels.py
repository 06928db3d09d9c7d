"""Each tunnel, in each of its forms."""
import struct

from headers import *


def gtp(packet, flags=0x30, optional=b""):
    header = struct.pack("!BBHI", flags, 255, len(optional) + len(packet), 0x89ABCDEF)
    return header + optional + packet


def frames():
    vxlan = struct.pack("!II", 0x08000000, 5000 << 8)
    gpe = lambda protocol: struct.pack("!II", 0x0C000000 | protocol, 5001 << 8)
    geneve = lambda protocol, options=b"": struct.pack("!BBHI", len(options) // 4, 0, protocol, 5002 << 8) + options
    session = lambda packet: struct.pack("!BBHH", 0x11, 0, 7, 2 + len(packet)) + ppp(0x21, packet, False)
    erspan2 = struct.pack("!II", 0x10140000 | 101, 5)
    erspan3 = lambda subheader=b"": struct.pack("!IIHH", 0x20140000 | 102, 1, 0, bool(subheader)) + subheader
    ether_ip = b"\x30\0"
    # Wireshark tells a pseudowire by addresses of known makers.
    customer_frame = ethernet(INNER_UDP6, 0x86DD, "00000c000011", "00000c000012")
    l2tp2 = struct.pack("!HHHH", 0x4002, 8 + len(ppp(0x21, INNER_TCP4)), 11, 22)
    ayiya = bytes.fromhex("44 52 1129 6774eb80") + address("2001:db8::99") + bytes(20)
    enhanced = lambda packet: struct.pack("!HHHHII", 0x3081, 0x880B, len(packet), 33, 1, 0) + packet
    nested = ip4(udp(*INNER4, 49152, 4789, vxlan + INNER_FRAME6), 17, *INNER4)
    tagged_frame = ethernet(vlan(44, 0x0800, INNER_UDP4), 0x8100)
    return on_ethernet(
        over4(4, INNER_UDP4),
        over4(41, INNER_UDP6),
        over6(4, INNER_TCP4),
        over6(41, INNER_TCP6),
        over4(47, gre(0x0800, INNER_UDP4)),
        over6(47, gre(0x86DD, INNER_TCP6)),
        over4(47, gre(0x0800, INNER_TCP4, 0xB000, bytes(4) + struct.pack("!II", 0xDEADBEEF, 9))),
        over4(47, gre(0x0800, INNER_UDP4, 0x4000, bytes(4) + bytes.fromhex("0800 0004 0a000001 0000 0000"))),
        over4(47, gre(0x6558, INNER_FRAME4)),
        over4(47, gre(0x6558, INNER_FRAME4, 0x2000, struct.pack("!I", 100))),
        over4(47, gre(0x6558, INNER_FRAME6, 0x2000, struct.pack("!I", 0x123456 << 8 | 7))),
        over4(47, gre(0x8847, labels(18) + INNER_UDP4)),
        over4(47, gre(0x880B, ppp(0x21, INNER_UDP4))),
        over4(47, gre(0x883E, INNER_TCP4)),
        over4(47, gre(0x883E, bytes.fromhex("80000000") + INNER_TCP4)),
        over4(47, enhanced(ppp(0x21, INNER_UDP4))),
        over4(47, gre(0x0806, INNER_ARP[14:42])),
        over4(47, gre(0x8909, bytes.fromhex("0800 0101 0001 002a") + INNER_UDP4)),
        over4(47, gre(0x88BE, INNER_FRAME4)),
        over4(47, gre(0x88BE, erspan2 + INNER_FRAME6, 0x1000, bytes(4))),
        over4(47, gre(0x22EB, erspan3() + INNER_FRAME4, 0x1000, bytes(4))),
        over4(47, gre(0x22EB, erspan3(bytes.fromhex("0c00000000000000")) + INNER_FRAME6)),
        over_udp4(4789, vxlan + INNER_FRAME4, checksum=False),
        over_udp6(4789, vxlan + INNER_FRAME6),
        over_udp4(4789, vxlan + INNER_ARP),
        over_udp4(4789, struct.pack("!II", 0x88000123, 5000 << 8) + INNER_FRAME4),
        over_udp4(8472, vxlan + INNER_FRAME4),
        over_udp4(4790, gpe(1) + INNER_UDP4),
        over_udp4(4790, gpe(2) + INNER_UDP6),
        over_udp4(4790, gpe(3) + INNER_FRAME4),
        over_udp4(6081, geneve(0x6558) + INNER_FRAME4),
        over_udp4(6081, geneve(0x0806) + INNER_ARP[14:42]),
        over_udp4(6081, geneve(0x0800, bytes.fromhex("0102 80 01 00000001 0103 00 00")) + INNER_TCP4),
        over_udp6(6081, geneve(0x86DD) + INNER_UDP6),
        over_udp4(2152, gtp(INNER_UDP4), 2152),
        over_udp4(2152, gtp(INNER_TCP6, 0x32, bytes.fromhex("0007 00 00")), 2152),
        over_udp4(2152, gtp(INNER_TCP4, 0x36, bytes.fromhex("0008 00 85 01 0009 c0 01 abcd 00")), 2152),
        over_udp4(3544, INNER_TCP6),
        over_udp4(3544, bytes.fromhex("0001 00 00 0102030405060708 00 0000 3fff fdfdfdfd") + INNER_UDP6),
        over_udp4(49152, ip6(b"", 59, *INNER6), 3544),
        over_udp4(1701, l2tp2 + ppp(0x21, INNER_TCP4), 1701),
        over_udp4(1701, struct.pack("!HHHHH", 0x0802, 11, 22, 1, 0) + ppp(0x57, INNER_UDP6, False), 1701),
        over_udp4(1701, struct.pack("!HHHHHH", 0xC802, 12, 11, 0, 1, 0), 1701),
        over_udp4(1701, struct.pack("!HHI", 3, 0, 0x1234) + INNER_FRAME6, 1701),
        over4(115, struct.pack("!I", 0x1234) + INNER_FRAME6),
        over4(115, struct.pack("!I", 0x1235) + bytes(4) + INNER_FRAME6),
        over4(97, ether_ip + INNER_FRAME4),
        over6(97, ether_ip + INNER_FRAME6),
        over6(143, INNER_FRAME4),
        ethernet(labels(16) + INNER_UDP4, 0x8847),
        ethernet(labels(16, 17, 18) + INNER_UDP6, 0x8848),
        ethernet(labels(16, 19) + bytes(4) + customer_frame, 0x8847),
        ethernet(labels(20) + customer_frame, 0x8847),
        ethernet(labels(13) + bytes.fromhex("10000007") + bytes(24), 0x8847),
        over4(137, labels(21) + INNER_UDP4),
        over_udp4(6635, labels(22) + INNER_TCP4),
        ethernet(session(INNER_TCP4), 0x8864),
        ethernet(vlan(10, 0x8864, session(INNER_UDP4)), 0x8100),
        ethernet(struct.pack("!BBHH", 0x11, 9, 0, 4) + bytes.fromhex("01010000"), 0x8863),
        ethernet(struct.pack("!BBHH", 0x11, 0, 7, 10) + ppp(0xC021, bytes.fromhex("0101 0008 0304c023"), False), 0x8864),
        ethernet(struct.pack("!I", 0x00ABCDEF) + INNER_FRAME4, 0x88E7),
        ethernet(vlan(300, 0x88E7, struct.pack("!I", 0x00ABCDEF) + ethernet(vlan(7, 0x0800, INNER_UDP4), 0x8100)), 0x88A8),
        over_udp4(4341, bytes.fromhex("48 000001 00002a00") + INNER_TCP4),
        over_udp4(4754, gre(0x0800, INNER_UDP4)),
        over_udp4(6080, bytes.fromhex("00 04 0000") + INNER_UDP4),
        over_udp4(6080, bytes.fromhex("01 29 0000 00000000") + INNER_TCP6),
        over_udp4(6080, INNER_UDP6),
        over_udp4(5072, ayiya + INNER_TCP6),
        over4(4, ip4(gre(0x6558, ethernet(vlan(44, 0x0800, nested), 0x8100)), 47)),
        ethernet(vlan(4, 0x0800, ip4(udp(SRC4, DST4, 49152, 4789, vxlan + tagged_frame))), 0x8100),
    )
