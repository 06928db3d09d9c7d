"""Joins a TAP device to eth0 through VLAN tags, where the kernel has no 8021q module.

  vlan-tap.py NAME TPID:VLAN [TPID:VLAN]     vlan-tap.py vlan7 88a8:200 8100:7

Frames that leave through NAME go out of eth0 with the tags, outermost first; frames that arrive with them come back in.
"""
import fcntl
import os
import select
import socket
import struct
import sys

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
SOL_PACKET, PACKET_AUXDATA, TP_STATUS_VLAN_VALID, PACKET_OUTGOING, ETH_P_ALL = 263, 8, 0x10, 4, 3

name, *tags = sys.argv[1:]
tag_bytes = b"".join(struct.pack("!HH", int(tpid, 16), int(vlan)) for tpid, vlan in (tag.split(":") for tag in tags))

tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
wire.bind(("eth0", ETH_P_ALL))
wire.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)

while True:
    readable, _, _ = select.select([tap, wire], [], [])
    if tap in readable:
        frame = os.read(tap, 65536)
        wire.send(frame[:12] + tag_bytes + frame[12:])
    if wire in readable:
        frame, ancillary, _, sender = wire.recvmsg(65536, 128)
        if sender[2] == PACKET_OUTGOING:
            continue
        # The kernel takes the outermost tag out of the frame and reports it beside.
        for level, kind, data in ancillary:
            if level == SOL_PACKET and kind == PACKET_AUXDATA:
                status, _, _, _, _, tci, tpid = struct.unpack("IIIHHHH", data[:20])
                if status & TP_STATUS_VLAN_VALID:
                    frame = frame[:12] + struct.pack("!HH", tpid, tci) + frame[12:]
        end = 12 + len(tag_bytes)
        if frame[12:end] == tag_bytes and frame[end : end + 2] not in (b"\x81\x00", b"\x88\xa8"):
            os.write(tap, frame[:12] + frame[end:])
