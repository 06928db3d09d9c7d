import { enterPayload } from "../enter-payload.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 4;
const ATTRIBUTE_HEADER_BYTES = 4;
const PAYLOAD = 9;
const AF_INET = 2;
const AF_BRIDGE = 7;
const AF_INET6 = 10;

/**
 * Linux netfilter log (LINKTYPE_NFLOG): address family, version, resource, then attributes in the byte order of the capturing host;
 * one of them is the packet.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   | Address family|    Version    |            Resource           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |        Attribute length       |         Attribute type        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                   Attribute value (variable)                  ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeNflog(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES + ATTRIBUTE_HEADER_BYTES || bytes[start + 1] !== 0) return Layer.End;
  const family = bytes[start]!;
  // The first attribute is short, so the half of its length that is 0 shows the byte order.
  const isLittleEndian = bytes[start + HEADER_BYTES + 1] === 0;
  const low = isLittleEndian ? 0 : 1;
  let at = start + HEADER_BYTES;
  while (end - at >= ATTRIBUTE_HEADER_BYTES) {
    const lengthBytes = bytes[at + low]! | (bytes[at + 1 - low]! << 8);
    const type = (bytes[at + 2 + low]! | (bytes[at + 3 - low]! << 8)) & 0x7fff;
    if (lengthBytes < ATTRIBUTE_HEADER_BYTES) return Layer.End;
    if (type === PAYLOAD) {
      enterPayload(packet, at + ATTRIBUTE_HEADER_BYTES);
      packet.payloadLengthBytes = lengthBytes - ATTRIBUTE_HEADER_BYTES;
      if (lengthBytes < end - at) packet.end = at + lengthBytes;
      packet.networkEnd = packet.end;
      if (family === AF_BRIDGE) return Layer.Ethernet;
      return family === AF_INET || family === AF_INET6 ? Layer.Ip : Layer.End;
    }
    // Attributes are aligned to 4 bytes.
    at += (lengthBytes + 3) & ~3;
  }
  return Layer.End;
}
