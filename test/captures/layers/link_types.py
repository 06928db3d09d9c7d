"""Each link type, with IPv4 and IPv6 where it carries both."""
import struct

from headers import *


def frames():
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
    log_header = attribute(1, b"\x08\0\0\0") + attribute(10, b"log\0")
    nflog = lambda family, packet: bytes([family, 0, 0, 5]) + log_header + attribute(9, packet)
    pktap = struct.pack("<III", 108, 1, 1) + b"en0".ljust(24, b"\0") + struct.pack("<IIII", 2, 2, 14, 0) + bytes(56)
    pflog = bytes([61, 2, 0, 0]) + b"em0".ljust(16, b"\0") + bytes(44)
    return [
        (0, struct.pack("<I", 2) + INNER_UDP4),
        (0, struct.pack("<I", 30) + INNER_UDP6),
        (0, struct.pack(">I", 24) + INNER_TCP6),
        (1, ethernet(INNER_UDP4, 0x0800, pad=True)),
        (1, ethernet(INNER_TCP6, 0x86DD)),
        (1, INNER_ARP),
        (6, bytes.fromhex("1040 020000000002 020000000001") + inner),
        (6, bytes.fromhex("1040 020000000002 820000000001 0430 0011") + snap(0, 0x86DD, INNER_UDP6)),
        (9, ppp(0x21, INNER_UDP4)),
        (9, ppp(0x57, INNER_UDP6, False)),
        (9, b"\xff\x03\x21" + INNER_TCP4),
        (9, ppp(0x281, labels(100) + INNER_UDP4)),
        (9, ppp(0xC021, bytes.fromhex("0101 0008 0304c023"))),
        (10, bytes.fromhex("50 020000000002 020000000001") + inner),
        (12, INNER_UDP4),
        (14, INNER_UDP6),
        (101, INNER_TCP4),
        (101, INNER_TCP6),
        (228, INNER_UDP4),
        (229, INNER_UDP6),
        (50, ppp(0x21, INNER_TCP4)),
        (50, ppp(0x57, INNER_TCP6)),
        (50, bytes.fromhex("0f00 0800") + INNER_UDP4),
        (51, bytes.fromhex("1100 0007") + struct.pack("!H", 2 + len(INNER_UDP4)) + ppp(0x21, INNER_UDP4, False)),
        (100, inner),
        (100, snap(0x0080C2, 7, bytes(2) + INNER_FRAME4)),
        (100, llc(0xFE, 0xFE, b"\xcf" + ppp(0x21, INNER_UDP4, False))),
        (104, bytes.fromhex("0f00 0800") + INNER_UDP4),
        (104, bytes.fromhex("8f00 86dd") + INNER_UDP6),
        (104, bytes.fromhex("8f00 8035") + bytes(14)),
        (105, data_frame + inner),
        (105, qos_frame + snap(0, 0x86DD, INNER_UDP6)),
        (105, four_addresses + inner),
        (105, protected),
        (105, beacon),
        (107, bytes.fromhex("1841 03cc") + INNER_UDP4),
        (107, bytes.fromhex("1841 038e") + INNER_UDP6),
        (107, bytes.fromhex("1841 0300 80 000000 0800") + INNER_TCP4),
        (107, bytes.fromhex("1841 0800") + INNER_UDP4),
        (107, bytes.fromhex("1841 0300 80 0080c2 0007") + INNER_FRAME4),
        (108, struct.pack(">I", 2) + INNER_UDP4),
        (109, struct.pack("<III", 2, 0x1234, 0) + INNER_UDP4),
        (113, sll(1, 0x0800) + INNER_UDP4),
        (113, sll(1, 0x8100) + vlan(5, 0x86DD, INNER_UDP6)),
        (113, sll(1, 4) + llc(0x42, 0x42, bytes(35))),
        (113, sll(512, 0x86DD) + INNER_UDP6),
        (113, sll(65534, 0x0800) + INNER_TCP4),
        (113, sll(824, 0) + bytes(16)),
        (113, sll(1, 4) + inner),
        (113, sll(770, 0) + bytes.fromhex("1841 03cc") + INNER_UDP4),
        (113, sll(778, 0x0800) + INNER_UDP4),
        (276, sll2(1, 0x0800) + INNER_UDP4),
        (276, sll2(772, 0x86DD) + INNER_TCP6),
        (276, sll2(1, 0x88A8) + vlan(200, 0x8100, vlan(7, 0x0800, INNER_UDP4))),
        (117, pflog + INNER_UDP4),
        (119, prism + data_frame + inner),
        (119, avs + data_frame + inner),
        (163, avs + data_frame + inner),
        (122, address8 + address8 + inner),
        (123, bytes.fromhex("0200 0021") + inner),
        (127, bytes.fromhex("0000 0800 00000000") + data_frame + inner),
        (127, bytes.fromhex("0000 0900 02000000 10") + qos_frame + inner + bytes(4)),
        (127, bytes.fromhex("0000 1100 03000000 0102030405060708 20") + qos_frame + bytes(2) + inner),
        (127, bytes.fromhex("0000 1500 03000080 00000000 00000000 0102030405060708 00")[:21] + data_frame + inner),
        (138, address8 + address8 + struct.pack("!H", 0x0800) + INNER_UDP4),
        (192, bytes.fromhex("0000 0800 01000000") + ethernet(INNER_UDP4, 0x0800)),
        (192, bytes.fromhex("0000 2000 69000000 0200 1400") + bytes(8) + b"\1" + bytes(11) + data_frame + inner + bytes(4)),
        (204, b"\0" + ppp(0x21, INNER_UDP4)),
        (205, b"\1" + bytes.fromhex("0f00 0800") + INNER_UDP4),
        (206, b"\1" + bytes.fromhex("1841 03cc") + INNER_UDP4),
        (219, labels(16, 17) + INNER_UDP4),
        (226, bytes([1, 2, 0, 1]) + struct.pack("!IIIII", len(INNER_UDP4), 1, 0, 1, 1) + INNER_UDP4),
        (239, nflog(2, INNER_UDP4)),
        (239, nflog(10, INNER_UDP6)),
        (242, bytes(40) + struct.pack("!HH", 0x0800, 0) + INNER_UDP4),
        (258, pktap + ethernet(INNER_UDP4, 0x0800)),
    ]
