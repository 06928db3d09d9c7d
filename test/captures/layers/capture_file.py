"""Writes pcapng, the one format that holds frames of many link types."""
import struct

START_SECONDS = 1767225600  # 2026-01-01


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def write(path, frames):
    """Each frame is `(link type, bytes)` or `(link type, bytes, length on the wire)`, a millisecond after the one before."""
    interfaces = {}
    blocks = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    for number, (link_type, data, *original) in enumerate(frames):
        if link_type not in interfaces:
            interfaces[link_type] = len(interfaces)
            blocks.append(block(1, struct.pack("<HHI", link_type, 0, 0)))
        time = START_SECONDS * 1000000 + number * 1000
        length = original[0] if original else len(data)
        header = struct.pack("<IIIII", interfaces[link_type], time >> 32, time & 0xFFFFFFFF, len(data), length)
        blocks.append(block(6, header + data))
    with open(path, "wb") as file:
        file.write(b"".join(blocks))
