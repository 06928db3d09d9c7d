import { enterPayload } from "../enter-payload.js";
import { Layer } from "../layer.js";
import { LinkType } from "../link-type.js";
import type { Packet } from "../packet.js";
import { namedLinkType } from "./named-link-type.js";

const HEADER_BYTES = 8;
/** Bit of the header's flags: fields begin at multiples of four bytes. */
const ALIGNED = 1;
const FIELD_HEADER_BYTES = 4;
/** Type of the IEEE 802.11 field that is common to all its versions. */
const COMMON_FIELD = 2;
const FLAGS_OFFSET = 8;
const FRAME_CHECK_INCLUDED = 1;
const FRAME_CHECK_BYTES = 4;

/**
 * CACE's per-packet information (LINKTYPE_PPI; "Per-Packet Information Header Specification"), all little-endian. A frame of the given link
 * type follows; the field of IEEE 802.11 indicates whether the frame ends with a frame check sequence.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |   Version 0   |     Flags     |         Header length         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                           Link type                           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |           Field type          |          Field length         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                     Field value (variable)                    ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodePpi(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES || bytes[start] !== 0) return Layer.End;
  const headerBytes = uint16LittleEndian(bytes, start + 2);
  if (headerBytes < HEADER_BYTES || end - start < headerBytes) return Layer.End;
  const linkType = uint16LittleEndian(bytes, start + 4) + uint16LittleEndian(bytes, start + 6) * 0x10000;
  const hasFrameCheck = linkType === LinkType.Ieee80211 && isFrameCheckIncluded(bytes, start, start + headerBytes);
  enterPayload(packet, start + headerBytes);
  if (hasFrameCheck) {
    packet.payloadLengthBytes = Math.max(0, packet.payloadLengthBytes - FRAME_CHECK_BYTES);
    packet.end = Math.min(packet.end, packet.start + packet.payloadLengthBytes);
  }
  return namedLinkType(linkType);
}

function isFrameCheckIncluded(bytes: Uint8Array, start: number, end: number): boolean {
  const padding = (bytes[start + 1]! & ALIGNED) === 0 ? 0 : 3;
  for (let at = start + HEADER_BYTES; end - at >= FIELD_HEADER_BYTES; ) {
    const value = at + FIELD_HEADER_BYTES;
    const lengthBytes = uint16LittleEndian(bytes, at + 2);
    if (uint16LittleEndian(bytes, at) === COMMON_FIELD) {
      const flags = value + FLAGS_OFFSET;
      return lengthBytes > FLAGS_OFFSET && flags < end && (bytes[flags]! & FRAME_CHECK_INCLUDED) !== 0;
    }
    at = value + ((lengthBytes + padding) & ~padding);
  }
  return false;
}

function uint16LittleEndian(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}
