"""What stands between an Ethernet header and IP."""
import struct

from headers import *


def frames():
    arista = struct.pack("!HHII", 1, 0x0110, 1767225600, 1)
    macsec = bytes.fromhex("2000 00000001 020000000001 0001")
    inner = ethernet(INNER_UDP4, 0x0800, "020000000011", "020000000012")
    return on_ethernet(
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
        ethernet(bytes.fromhex("2001 0102 0000 0800") + INNER_UDP4, 0x893F),
        ethernet(struct.pack("!HHH", 0x1000 | (6 + len(INNER_UDP4)), 1, 0x0800) + INNER_UDP4, 0x892F),
        ethernet(arista + struct.pack("!H", 0x0800) + INNER_UDP4, 0xD28B),
        ethernet(b"\x04\x20" + inner, 0x8903, "0200000a0001", "0200000b0001"),
        ethernet(bytes.fromhex("0001 0001 0002") + inner, 0x22F3),
        ethernet(bytes.fromhex("0fc2 02 01 00000a ff 0000000000000000")[:8] + INNER_UDP4, 0x894F),
        ethernet(bytes.fromhex("0fc6 01 03 00000a ff") + bytes(16) + inner, 0x894F),
    )
