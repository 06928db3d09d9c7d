"""Makes the captures in runtime/packet/captures, which hold each layer that is decoded at least once. The same bytes every time.

  python3 test/captures/layers/make.py
"""
import os
import struct

import capture_file
from headers import *

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../runtime/packet/captures")
ETHERNET = 1


def ethernet_frames(*frames):
    return [(ETHERNET, *frame) if isinstance(frame, tuple) else (ETHERNET, frame) for frame in frames]


def link_types():
    """(link type, frame) for each link type, with IPv4 and IPv6 where it carries both."""
    address8 = bytes(range(8))
    data_frame = bytes.fromhex("0801 0000 020000000002 020000000001 020000000003 1000")
    qos_frame = bytes.fromhex("8802 0000 020000000001 020000000003 020000000002 2000 0500")
    four_addresses = bytes.fromhex("8883 0000 020000000001 020000000002 020000000003 3000 020000000004 0000 00000000")
    protected = bytes.fromhex("8842 0000 020000000001 020000000003 020000000002 4000 0500") + bytes(40)
    beacon = bytes.fromhex("8000 0000 ffffffffffff 020000000003 020000000003 5000") + bytes(24)
    inner = snap(0, 0x0800, INNER_UDP4)
    prism = struct.pack("<II", 0x44, 144) + b"wlan0".ljust(16, b"\0") + bytes(120)
    avs = struct.pack(">II", 0x80211001, 64) + bytes(56)
    sll = lambda hardware, protocol: struct.pack("!HHH8sH", 0, hardware, 6, bytes(8), protocol)
    sll2 = lambda hardware, protocol: struct.pack("!HHIHBB8s", protocol, 0, 2, hardware, 0, 6, bytes(8))
    attribute = lambda kind, value: struct.pack("<HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)
    nflog = lambda family, packet: bytes([family, 0, 0, 5]) + attribute(1, b"\x08\0\0\0") + attribute(10, b"log\0") + attribute(9, packet)
    pktap = struct.pack("<III", 108, 1, 1) + b"en0".ljust(24, b"\0") + struct.pack("<IIII", 2, 2, 14, 0) + bytes(56)
    pflog = bytes([61, 2, 0, 0]) + b"em0".ljust(16, b"\0") + bytes(44)
    return [
        (0, struct.pack("<I", 2) + INNER_UDP4), (0, struct.pack("<I", 30) + INNER_UDP6), (0, struct.pack(">I", 24) + INNER_TCP6),
        (ETHERNET, ethernet(INNER_UDP4, 0x0800, pad=True)), (ETHERNET, ethernet(INNER_TCP6, 0x86DD)), (ETHERNET, INNER_ARP),
        (6, bytes.fromhex("1040 020000000002 020000000001") + inner),
        (6, bytes.fromhex("1040 020000000002 820000000001 0430 0011") + snap(0, 0x86DD, INNER_UDP6)),
        (9, ppp(0x21, INNER_UDP4)), (9, ppp(0x57, INNER_UDP6, False)), (9, b"\xff\x03\x21" + INNER_TCP4), (9, ppp(0x281, labels(100) + INNER_UDP4)),
        (9, ppp(0xC021, bytes.fromhex("0101 0008 0304c023"))),
        (10, bytes.fromhex("50 020000000002 020000000001") + inner),
        (12, INNER_UDP4), (14, INNER_UDP6), (101, INNER_TCP4), (101, INNER_TCP6), (228, INNER_UDP4), (229, INNER_UDP6),
        (50, ppp(0x21, INNER_TCP4)), (50, ppp(0x57, INNER_TCP6)), (50, bytes.fromhex("0f00 0800") + INNER_UDP4),
        (51, bytes.fromhex("1100 0007") + struct.pack("!H", 2 + len(INNER_UDP4)) + ppp(0x21, INNER_UDP4, False)),
        (100, inner), (100, snap(0x0080C2, 7, bytes(2) + INNER_FRAME4)), (100, llc(0xFE, 0xFE, b"\xcf" + ppp(0x21, INNER_UDP4, False))),
        (104, bytes.fromhex("0f00 0800") + INNER_UDP4), (104, bytes.fromhex("8f00 86dd") + INNER_UDP6), (104, bytes.fromhex("8f00 8035") + bytes(14)),
        (105, data_frame + inner), (105, qos_frame + snap(0, 0x86DD, INNER_UDP6)), (105, four_addresses + inner), (105, protected), (105, beacon),
        (107, bytes.fromhex("1841 03cc") + INNER_UDP4), (107, bytes.fromhex("1841 038e") + INNER_UDP6),
        (107, bytes.fromhex("1841 0300 80 000000 0800") + INNER_TCP4), (107, bytes.fromhex("1841 0800") + INNER_UDP4),
        (107, bytes.fromhex("1841 0300 80 0080c2 0007") + INNER_FRAME4),
        (108, struct.pack(">I", 2) + INNER_UDP4),
        (109, struct.pack("<III", 2, 0x1234, 0) + INNER_UDP4),
        (113, sll(1, 0x0800) + INNER_UDP4), (113, sll(1, 0x8100) + vlan(5, 0x86DD, INNER_UDP6)), (113, sll(1, 4) + llc(0x42, 0x42, bytes(35))),
        (113, sll(512, 0x86DD) + INNER_UDP6), (113, sll(65534, 0x0800) + INNER_TCP4), (113, sll(824, 0) + bytes(16)), (113, sll(1, 4) + inner),
        (113, sll(770, 0) + bytes.fromhex("1841 03cc") + INNER_UDP4), (113, sll(778, 0x0800) + INNER_UDP4),
        (276, sll2(1, 0x0800) + INNER_UDP4), (276, sll2(772, 0x86DD) + INNER_TCP6), (276, sll2(1, 0x88A8) + vlan(200, 0x8100, vlan(7, 0x0800, INNER_UDP4))),
        (117, pflog + INNER_UDP4),
        (119, prism + data_frame + inner), (119, avs + data_frame + inner), (163, avs + data_frame + inner),
        (122, address8 + address8 + inner),
        (123, bytes.fromhex("0200 0021") + inner),
        (127, bytes.fromhex("0000 0800 00000000") + data_frame + inner), (127, bytes.fromhex("0000 0900 02000000 10") + qos_frame + inner + bytes(4)),
        (127, bytes.fromhex("0000 1100 03000000 0102030405060708 20") + qos_frame + bytes(2) + inner),
        (127, bytes.fromhex("0000 1500 03000080 00000000 00000000 0102030405060708 00")[:21] + data_frame + inner),
        (138, address8 + address8 + struct.pack("!H", 0x0800) + INNER_UDP4),
        (204, b"\0" + ppp(0x21, INNER_UDP4)), (205, b"\1" + bytes.fromhex("0f00 0800") + INNER_UDP4), (206, b"\1" + bytes.fromhex("1841 03cc") + INNER_UDP4),
        (219, labels(16, 17) + INNER_UDP4),
        (226, bytes([1, 2, 0, 1]) + struct.pack("!IIIII", len(INNER_UDP4), 1, 0, 1, 1) + INNER_UDP4),
        (239, nflog(2, INNER_UDP4)), (239, nflog(10, INNER_UDP6)),
        (242, bytes(40) + struct.pack("!HH", 0x0800, 0) + INNER_UDP4),
        (258, pktap + ethernet(INNER_UDP4, 0x0800)),
    ]  # fmt: skip


def tags():
    arista = struct.pack("!HHII", 1, 0x0110, 1767225600, 1)
    macsec = bytes.fromhex("2000 00000001 020000000001 0001")
    inner = ethernet(INNER_UDP4, 0x0800, "020000000011", "020000000012")
    return ethernet_frames(
        ethernet(vlan(5, 0x0800, INNER_UDP4), 0x8100),
        ethernet(vlan(0, 0x0800, INNER_TCP4, priority=5), 0x8100),
        ethernet(vlan(200, 0x8100, vlan(7, 0x86DD, INNER_UDP6)), 0x88A8),
        ethernet(vlan(200, 0x88A8, vlan(201, 0x0800, INNER_UDP4)), 0x88A8),
        ethernet(vlan(9, 0x9100, vlan(8, 0x8100, vlan(7, 0x0800, INNER_UDP4))), 0x8100),
        ethernet(vlan(3, 0x0800, INNER_UDP4), 0x9100),
        ethernet(vlan(3, 0x8100, vlan(4, 0x0800, INNER_UDP4)), 0x9200),
        ethernet(snap(0, 0x0800, INNER_UDP4), len(snap(0, 0x0800, INNER_UDP4)), pad=True),
        ethernet(snap(0xF8, 0x86DD, INNER_UDP6), len(snap(0xF8, 0x86DD, INNER_UDP6))),
        ethernet(snap(0x0C, 0x2000, bytes(20)), 28, pad=True),
        ethernet(llc(6, 6, INNER_TCP4), 3 + len(INNER_TCP4)),
        ethernet(llc(0x42, 0x42, bytes(35)), 38, pad=True),
        ethernet(vlan(6, 8 + len(INNER_UDP4), snap(0, 0x0800, INNER_UDP4)), 0x8100),
        ethernet(snap(0, 0x0800, INNER_UDP4), 0x8870),
        ethernet(macsec + struct.pack("!H", 0x0800) + INNER_UDP4 + bytes(16), 0x88E5),
        ethernet(bytes([0x2C]) + macsec[1:] + bytes(60), 0x88E5),
        ethernet(bytes.fromhex("0101 0001 002a 0800") + INNER_UDP4, 0x8909),
        ethernet(struct.pack("!IH", 0x00010002, 0x0800) + INNER_UDP4, 0x8926),
        ethernet(struct.pack("!HHH", 0x1000 | (6 + len(INNER_UDP4)), 1, 0x0800) + INNER_UDP4, 0x892F),
        ethernet(arista + struct.pack("!H", 0x0800) + INNER_UDP4, 0xD28B),
        ethernet(b"\x04\x20" + inner, 0x8903, "0200000a0001", "0200000b0001"),
        ethernet(bytes.fromhex("0001 0001 0002") + inner, 0x22F3),
        ethernet(bytes.fromhex("0fc2 02 01 00000a ff 0000000000000000")[:8] + INNER_UDP4, 0x894F),
        ethernet(bytes.fromhex("0fc6 01 03 00000a ff") + bytes(16) + inner, 0x894F),
    )


def ip_headers():
    segment = tcp(SRC6, DST6, 49155, 443, bytes(66000))
    jumbogram = ethernet(ip6(extension(6, bytes.fromhex("c204") + struct.pack("!I", 8 + len(segment))) + segment, 0, length=0), 0x86DD)
    mobility = bytes.fromhex("0500 0000 0001 0000")
    routing = bytes.fromhex("0400 00000000") + address(DST6)
    whole = udp(SRC6, DST6, 49152, 40007, b"abc")
    datagram = udp(SRC4, DST4, 49152, 40007, bytes(40))
    return ethernet_frames(
        ethernet(ip4(udp(SRC4, DST4, 49152, 40007, b"abc"), options=bytes.fromhex("94040000")), 0x0800),
        ethernet(ip4(tcp(SRC4, DST4, 49153, 80, b"abc", bytes.fromhex("020405b4 0402 0303 07")), 6, options=bytes.fromhex("0707040a000001")), 0x0800),
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
    )  # fmt: skip


def tunnels():
    vxlan = struct.pack("!II", 0x08000000, 5000 << 8)
    gpe = lambda protocol: struct.pack("!II", 0x0C000000 | protocol, 5001 << 8)
    geneve = lambda protocol, options=b"": struct.pack("!BBHI", len(options) // 4, 0, protocol, 5002 << 8) + options
    gtp = lambda packet, flags=0x30, optional=b"": struct.pack("!BBHI", flags, 255, len(optional) + len(packet), 0x89ABCDEF) + optional + packet
    session = lambda packet: struct.pack("!BBHH", 0x11, 0, 7, 2 + len(packet)) + ppp(0x21, packet, False)
    erspan2 = struct.pack("!II", 0x10140000 | 101, 5)
    erspan3 = lambda frame_type, subheader=b"": struct.pack("!IIHH", 0x20140000 | 102, 1, 0, frame_type << 10 | bool(subheader)) + subheader
    ether_ip = b"\x30\0"
    # Wireshark tells a pseudowire by addresses of known makers.
    customer_frame = ethernet(INNER_UDP6, 0x86DD, "00000c000011", "00000c000012")
    l2tp2 = struct.pack("!HHHH", 0x4002, 8 + len(ppp(0x21, INNER_TCP4)), 11, 22)
    ayiya = bytes.fromhex("44 52 1129 6774eb80") + address("2001:db8::99") + bytes(20)
    enhanced = lambda packet: struct.pack("!HHHHII", 0x3081, 0x880B, len(packet), 33, 1, 0) + packet
    return ethernet_frames(
        over4(4, INNER_UDP4), over4(41, INNER_UDP6), over6(4, INNER_TCP4), over6(41, INNER_TCP6),
        over4(47, gre(0x0800, INNER_UDP4)), over6(47, gre(0x86DD, INNER_TCP6)),
        over4(47, gre(0x0800, INNER_TCP4, 0xB000, bytes(4) + struct.pack("!II", 0xDEADBEEF, 9))),
        over4(47, gre(0x0800, INNER_UDP4, 0x4000, bytes(4) + bytes.fromhex("0800 0004 0a000001 0000 0000"))),
        over4(47, gre(0x6558, INNER_FRAME4)), over4(47, gre(0x6558, INNER_FRAME4, 0x2000, struct.pack("!I", 100))),
        over4(47, gre(0x6558, INNER_FRAME6, 0x2000, struct.pack("!I", 0x123456 << 8 | 7))),
        over4(47, gre(0x8847, labels(18) + INNER_UDP4)), over4(47, gre(0x880B, ppp(0x21, INNER_UDP4))),
        over4(47, gre(0x883E, INNER_TCP4)), over4(47, gre(0x883E, bytes.fromhex("80000000") + INNER_TCP4)),
        over4(47, enhanced(ppp(0x21, INNER_UDP4))), over4(47, gre(0x0806, bytes(28))),
        over4(47, gre(0x8909, bytes.fromhex("0800 0101 0001 002a") + INNER_UDP4)),
        over4(47, gre(0x88BE, INNER_FRAME4)), over4(47, gre(0x88BE, erspan2 + INNER_FRAME6, 0x1000, bytes(4))),
        over4(47, gre(0x22EB, erspan3(0) + INNER_FRAME4, 0x1000, bytes(4))), over4(47, gre(0x22EB, erspan3(0, bytes.fromhex("0c00000000000000")) + INNER_FRAME6)),
        over_udp4(4789, vxlan + INNER_FRAME4, checksum=False), over_udp6(4789, vxlan + INNER_FRAME6), over_udp4(4789, vxlan + INNER_ARP),
        over_udp4(4789, struct.pack("!II", 0x88000123, 5000 << 8) + INNER_FRAME4), over_udp4(8472, vxlan + INNER_FRAME4),
        over_udp4(4790, gpe(1) + INNER_UDP4), over_udp4(4790, gpe(2) + INNER_UDP6), over_udp4(4790, gpe(3) + INNER_FRAME4),
        over_udp4(6081, geneve(0x6558) + INNER_FRAME4), over_udp4(6081, geneve(0x0800, bytes.fromhex("0102 80 01 00000001 0103 00 00")) + INNER_TCP4),
        over_udp6(6081, geneve(0x86DD) + INNER_UDP6),
        over_udp4(2152, gtp(INNER_UDP4), 2152), over_udp4(2152, gtp(INNER_TCP6, 0x32, bytes.fromhex("0007 00 00")), 2152),
        over_udp4(2152, gtp(INNER_TCP4, 0x36, bytes.fromhex("0008 00 85 01 0009 c0 01 abcd 00")), 2152),
        over_udp4(3544, INNER_TCP6), over_udp4(3544, bytes.fromhex("0001 00 00 0102030405060708 00 0000 3fff fdfdfdfd") + INNER_UDP6),
        over_udp4(49152, ip6(b"", 59, *INNER6), 3544),
        over_udp4(1701, l2tp2 + ppp(0x21, INNER_TCP4), 1701), over_udp4(1701, struct.pack("!HHHHH", 0x0802, 11, 22, 1, 0) + ppp(0x57, INNER_UDP6, False), 1701),
        over_udp4(1701, struct.pack("!HHHHHH", 0xC802, 12, 11, 0, 1, 0), 1701), over_udp4(1701, struct.pack("!HHI", 3, 0, 0x1234) + INNER_FRAME6, 1701),
        over4(115, struct.pack("!I", 0x1234) + INNER_FRAME6), over4(115, struct.pack("!I", 0x1235) + bytes(4) + INNER_FRAME6),
        over4(97, ether_ip + INNER_FRAME4), over6(97, ether_ip + INNER_FRAME6), over6(143, INNER_FRAME4),
        ethernet(labels(16) + INNER_UDP4, 0x8847), ethernet(labels(16, 17, 18) + INNER_UDP6, 0x8848), ethernet(labels(16, 19) + bytes(4) + customer_frame, 0x8847),
        ethernet(labels(20) + customer_frame, 0x8847), ethernet(labels(13) + bytes.fromhex("10000007") + bytes(24), 0x8847),
        over4(137, labels(21) + INNER_UDP4), over_udp4(6635, labels(22) + INNER_TCP4),
        ethernet(session(INNER_TCP4), 0x8864), ethernet(vlan(10, 0x8864, session(INNER_UDP4)), 0x8100), ethernet(struct.pack("!BBHH", 0x11, 9, 0, 4) + bytes.fromhex("01010000"), 0x8863),
        ethernet(struct.pack("!BBHH", 0x11, 0, 7, 10) + ppp(0xC021, bytes.fromhex("0101 0008 0304c023"), False), 0x8864),
        ethernet(struct.pack("!I", 0x00ABCDEF) + INNER_FRAME4, 0x88E7), ethernet(vlan(300, 0x88E7, struct.pack("!I", 0x00ABCDEF) + ethernet(vlan(7, 0x0800, INNER_UDP4), 0x8100)), 0x88A8),
        over_udp4(4341, bytes.fromhex("48 000001 00002a00") + INNER_TCP4), over_udp4(4754, gre(0x0800, INNER_UDP4)),
        over_udp4(6080, bytes.fromhex("00 04 0000") + INNER_UDP4), over_udp4(6080, bytes.fromhex("01 29 0000 00000000") + INNER_TCP6), over_udp4(6080, INNER_UDP6),
        over_udp4(5072, ayiya + INNER_TCP6),
        over4(4, ip4(gre(0x6558, ethernet(vlan(44, 0x0800, ip4(udp(*INNER4, 49152, 4789, vxlan + INNER_FRAME6), 17, *INNER4)), 0x8100)), 47)),
        ethernet(vlan(4, 0x0800, ip4(udp(SRC4, DST4, 49152, 4789, vxlan + ethernet(vlan(44, 0x0800, INNER_UDP4), 0x8100)))), 0x8100),
    )  # fmt: skip


def not_tunnels():
    """Ordinary traffic on tunnels' ports, tunnels that are cut or in fragments, and what is in them but no packet."""
    answer = bytes.fromhex("08008180000100010000000003777777076578616d706c650000010001c00c00010001000000780004c0000205")
    vxlan = struct.pack("!II", 0x08000000, 5000 << 8) + INNER_FRAME4
    deep = INNER_UDP4
    for _ in range(9):
        deep = ip4(deep, 4)
    ports = (1701, 2152, 3544, 4341, 4754, 4789, 4790, 5072, 6080, 6081, 6635, 8472)
    first_fragment = ip4(udp(SRC4, DST4, 49152, 4789, vxlan)[:88], fragment=0x2000, ident=7)
    return ethernet_frames(
        *(over_udp4(port, answer, 53) for port in ports),
        *(over_udp4(port, b"\x30" * 48, 49152) for port in ports),
        ethernet(first_fragment, 0x0800),
        ethernet(ip4(INNER_UDP4 + bytes(16), 4, fragment=0x2000), 0x0800),
        ethernet(ip4(bytes(24), 4, fragment=5), 0x0800),
        ethernet(ip6(fragment6(41, 0, 1) + INNER_UDP6 + bytes(5), 44), 0x86DD),
        over4(4, b"\x00" * 24), over4(41, INNER_UDP6[:39]), over4(47, gre(0x0800, b"\x45\0\0\x10" + bytes(16))), over4(47, b"\x20\0\x08"),
        over4(47, gre(0x8847, labels(5, 6))), over_udp4(4789, vxlan[:14]), over_udp4(2152, bytes.fromhex("30ff 0100 00000001") + INNER_UDP4, 2152),
        over_udp4(2152, bytes.fromhex("3201 0004 00000000 00010000"), 2152),
        ethernet(deep, 0x0800),
        (over4(47, gre(0x0800, INNER_UDP4))[:60], 70), (over4(47, gre(0x0800, INNER_UDP4))[:50], 70), (over_udp4(4789, vxlan)[:70], 110),
    )  # fmt: skip


def checksums():
    """Each checksum once right and once wrong, and the addresses of pseudo headers that are not the packet's."""
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
    return ethernet_frames(
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


for name, frames in (
    ("link-types", link_types()),
    ("tags", tags()),
    ("ip-headers", ip_headers()),
    ("tunnels", tunnels()),
    ("not-tunnels", not_tunnels()),
    ("checksums", checksums()),
):
    os.makedirs(FOLDER, exist_ok=True)
    capture_file.write(os.path.join(FOLDER, f"{name}.pcapng"), frames)
