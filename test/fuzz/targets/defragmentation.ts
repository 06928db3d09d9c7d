import fc from "fast-check";
import { decodeLayers } from "../../../runtime/packet/decode-layers.js";
import { Defragmenter } from "../../../runtime/packet/defragmenter.js";
import { LinkType } from "../../../runtime/packet/link-type.js";
import { Packet } from "../../../runtime/packet/packet.js";
import type { FuzzTarget } from "../fuzz-target.js";

const IP_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;

/** Fragments: any order, doubles and overlaps give the datagram that was sent, or none. */
export const defragmentationTarget: FuzzTarget = {
  name: "defragmentation",
  share: 0.1,
  prepare() {
    const datagram = Buffer.from(Array.from({ length: 256 }, (_, i) => (i * 7) & 255));
    datagram.writeUInt16BE(datagram.length, 4);
    const packet = new Packet();
    const piece = fc.record({ block: fc.nat(31), blocks: fc.integer({ min: 1, max: 16 }), identification: fc.nat(3) });
    const defragmenter = new Defragmenter({ maxDatagrams: 8, maxBytes: 16384, timeoutMs: 30_000 });
    let seconds = 0;
    return fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      packet.arrival = seconds++ * 1e9;
      defragmenter.advance(packet.arrival);
      for (const { block, blocks, identification } of pieces) {
        loadFragment(packet, datagram, block * 8, Math.min(datagram.length, (block + blocks) * 8), identification);
        if (!packet.isFragment || !defragmenter.add(packet)) continue;
        const whole = Buffer.from(packet.bytes.subarray(packet.start, packet.end));
        if (!whole.equals(datagram.subarray(UDP_HEADER_BYTES)))
          throw new Error("another datagram came out than was sent");
      }
    });
  },
};

/** The bytes `[start, end)` of the datagram as an IPv4 fragment. */
function loadFragment(packet: Packet, datagram: Buffer, start: number, end: number, identification: number): void {
  const bytes = Buffer.alloc(IP_HEADER_BYTES + end - start);
  bytes[0] = 0x45;
  bytes.writeUInt16BE(bytes.length, 2);
  bytes.writeUInt16BE(identification, 4);
  bytes.writeUInt16BE((end < datagram.length ? 0x2000 : 0) | (start >> 3), 6);
  bytes[9] = 17;
  bytes.writeUInt32BE(0xc0000201, 12);
  bytes.writeUInt32BE(0xc0000235, 16);
  bytes.set(datagram.subarray(start, end), IP_HEADER_BYTES);
  packet.bytes = bytes;
  packet.frameStart = 0;
  packet.frameEnd = bytes.length;
  packet.originalLengthBytes = bytes.length;
  decodeLayers(packet, LinkType.Ipv4);
}
