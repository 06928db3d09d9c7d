"""Headers of packets: each function takes what it carries and gives bytes, with lengths and checksums that are right."""
import struct
from ipaddress import ip_address

SRC4, DST4 = "192.0.2.1", "192.0.2.2"
SRC6, DST6 = "2001:db8::1", "2001:db8::2"
INNER4 = ("10.0.0.1", "10.0.0.2")
INNER6 = ("2001:db8:1::1", "2001:db8:1::2")


def ones_complement(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def address(text):
    return ip_address(text).packed


def pseudo(src, dst, protocol, length):
    if len(src) == 4:
        return src + dst + struct.pack("!BBH", 0, protocol, length)
    return src + dst + struct.pack("!IHBB", length, 0, 0, protocol)


def checked(data, at, src, dst, protocol):
    """Puts the checksum with a pseudo header into the two bytes at `at`."""
    value = ones_complement(pseudo(address(src), address(dst), protocol, len(data)) + data)
    return data[:at] + struct.pack("!H", value or (0xFFFF if protocol == 17 else 0)) + data[at + 2 :]


def udp(src, dst, sport, dport, payload, checksum=True):
    data = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload
    return checked(data, 6, src, dst, 17) if checksum else data


def tcp(src, dst, sport, dport, payload=b"", options=b"", flags=0x18):
    options += b"\0" * (-len(options) % 4)
    data_offset = (20 + len(options)) // 4
    header = struct.pack("!HHIIBBHHH", sport, dport, 0xFFFFFF00, 0x80000001, data_offset << 4, flags, 0x7210, 0, 0)
    return checked(header + options + payload, 16, src, dst, 6)


def icmp(kind, code, rest):
    data = struct.pack("!BBH", kind, code, 0) + rest
    return data[:2] + struct.pack("!H", ones_complement(data)) + data[4:]


def icmp6(src, dst, kind, code, rest):
    return checked(struct.pack("!BBH", kind, code, 0) + rest, 2, src, dst, 58)


def sctp(sport, dport, chunk=bytes.fromhex("0a000010" + "74657374696e6721" * 1 + "00000000")):
    data = struct.pack("!HHII", sport, dport, 0x01020304, 0) + chunk
    return data[:8] + struct.pack("<I", crc32c(data)) + data[12:]


def ip4(payload, protocol=17, src=SRC4, dst=DST4, options=b"", fragment=0, ident=1, total=None):
    options += b"\0" * (-len(options) % 4)
    words = (20 + len(options)) // 4
    length = words * 4 + len(payload) if total is None else total
    header = struct.pack("!BBHHHBBH", 0x40 | words, 0, length, ident, fragment, 64, protocol, 0)
    header += address(src) + address(dst) + options
    return header[:10] + struct.pack("!H", ones_complement(header)) + header[12:] + payload


def ip6(payload, protocol=17, src=SRC6, dst=DST6, length=None):
    header = struct.pack("!IHBB", 0x60012345, len(payload) if length is None else length, protocol, 64)
    return header + address(src) + address(dst) + payload


def extension(next_header, data=b""):
    """A hop-by-hop, routing, destination, mobility, host identity or Shim6 header."""
    data += b"\0" * (-(len(data) + 2) % 8)
    return struct.pack("!BB", next_header, (len(data) + 2) // 8 - 1) + data


def fragment6(next_header, offset, more, ident=0x12345678):
    return struct.pack("!BBHI", next_header, 0, offset | more, ident)


def authentication(next_header, icv=bytes(12)):
    return struct.pack("!BBHII", next_header, (12 + len(icv)) // 4 - 2, 0, 0x100, 1) + icv


def ethernet(payload, kind, src="020000000001", dst="020000000002", pad=False):
    frame = bytes.fromhex(dst + src) + struct.pack("!H", kind) + payload
    return frame + bytes(max(0, 60 - len(frame))) if pad else frame


def vlan(identifier, kind, payload, priority=0):
    return struct.pack("!HH", priority << 13 | identifier, kind) + payload


def llc(dsap, ssap, payload):
    return bytes([dsap, ssap, 3]) + payload


def snap(organization, protocol, payload):
    return llc(0xAA, 0xAA, organization.to_bytes(3, "big") + struct.pack("!H", protocol) + payload)


def ppp(protocol, payload, framed=True):
    return (b"\xff\x03" if framed else b"") + struct.pack("!H", protocol) + payload


def labels(*values):
    return b"".join(struct.pack("!I", v << 12 | (i == len(values) - 1) << 8 | 64) for i, v in enumerate(values))


def gre(protocol, payload, flags=0, fields=b""):
    return struct.pack("!HH", flags, protocol) + fields + payload


# What tunnels carry.
INNER_UDP4 = ip4(udp(*INNER4, 49152, 40007, b"abc"), 17, *INNER4)
INNER_TCP4 = ip4(tcp(*INNER4, 49153, 80, b"GET"), 6, *INNER4)
INNER_UDP6 = ip6(udp(*INNER6, 49154, 40007, b"abc"), 17, *INNER6)
INNER_TCP6 = ip6(tcp(*INNER6, 49155, 443, b"abc"), 6, *INNER6)
INNER_FRAME4 = ethernet(INNER_TCP4, 0x0800, "020000000011", "020000000012", pad=True)
INNER_FRAME6 = ethernet(INNER_UDP6, 0x86DD, "020000000011", "020000000012")
INNER_ARP = ethernet(
    bytes.fromhex("0001080006040001" + "020000000011") + address(INNER4[0]) + bytes(6) + address(INNER4[1]),
    0x0806,
    "020000000011",
    "ffffffffffff",
    pad=True,
)


def over4(protocol, payload):
    """A frame with IPv4 around what is carried."""
    return ethernet(ip4(payload, protocol), 0x0800)


def over6(protocol, payload):
    return ethernet(ip6(payload, protocol), 0x86DD)


def over_udp4(port, payload, sport=49152, checksum=True):
    return over4(17, udp(SRC4, DST4, sport, port, payload, checksum))


def over_udp6(port, payload, sport=49152):
    return over6(17, udp(SRC6, DST6, sport, port, payload))


def on_ethernet(*frames):
    """Frames of the link type Ethernet; one with its length on the wire is a pair."""
    return [(1, *frame) if isinstance(frame, tuple) else (1, frame) for frame in frames]
