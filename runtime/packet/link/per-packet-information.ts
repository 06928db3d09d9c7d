import { enterPayload } from "../enter-payload.js";
import { LinkType } from "../link-type.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 8;
const FIELD_HEADER_BYTES = 4;
/** The field of IEEE 802.11, common to its versions: time, flags … */
const COMMON_FIELD = 2;
const FLAGS_OFFSET = 8;
const FRAME_CHECK_INCLUDED = 1;
const FRAME_CHECK_BYTES = 4;

/**
 * CACE's per-packet information (LINKTYPE_PPI): version 0, flags, header length, the link type of the frame behind, and fields, of which the
 * one of IEEE 802.11 says whether a frame check sequence ends the frame; all little-endian. Returns that link type, or -1 where there is no
 * frame.
 */
export function decodePerPacketInformation(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES || bytes[start] !== 0) return -1;
  const headerBytes = readHalf(bytes, start + 2);
  if (headerBytes < HEADER_BYTES || end - start < headerBytes) return -1;
  const linkType = readHalf(bytes, start + 4) + readHalf(bytes, start + 6) * 0x10000;
  const hasFrameCheck = linkType === LinkType.Ieee80211 && isFrameCheckIncluded(bytes, start, start + headerBytes);
  enterPayload(packet, start + headerBytes);
  if (hasFrameCheck) {
    packet.payloadLengthBytes = Math.max(0, packet.payloadLengthBytes - FRAME_CHECK_BYTES);
    packet.end = Math.min(packet.end, packet.start + packet.payloadLengthBytes);
  }
  return linkType;
}

function isFrameCheckIncluded(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start + HEADER_BYTES; end - at >= FIELD_HEADER_BYTES; ) {
    const value = at + FIELD_HEADER_BYTES;
    const next = value + readHalf(bytes, at + 2);
    if (readHalf(bytes, at) === COMMON_FIELD) {
      return value + FLAGS_OFFSET < Math.min(next, end) && (bytes[value + FLAGS_OFFSET]! & FRAME_CHECK_INCLUDED) !== 0;
    }
    at = next;
  }
  return false;
}

function readHalf(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}
