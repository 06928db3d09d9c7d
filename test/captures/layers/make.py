"""Makes the captures in runtime/packet/captures, which hold each layer that is decoded at least once. The same bytes every time.

  python3 test/captures/layers/make.py
"""
import os
import sys

sys.dont_write_bytecode = True

import capture_file
import checksums
import ip_headers
import link_types
import not_tunnels
import tags
import tunnels

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../runtime/packet/captures")

for scenario in (link_types, tags, ip_headers, tunnels, not_tunnels, checksums):
    name = scenario.__name__.replace("_", "-")
    capture_file.write(os.path.join(FOLDER, f"{name}.pcapng"), scenario.frames())
