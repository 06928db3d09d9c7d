"""Sends one frame out of eth0: what a peer that no real software plays would send.

  send-frame.py HEX...     send-frame.py ffffffffffff 020000000010 0806 0001 0800 ...

HEX pieces are joined, so that a shell script can show a frame field by field.
"""
import socket
import sys

wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(("eth0", 0))
wire.send(bytes.fromhex("".join(sys.argv[1:])))
