import { enterPayload } from "../enter-payload.js";
import type { Packet } from "../packet.js";

const MIN_BYTES = 12;
const PACKET_RECORD = 1;

/**
 * Apple's packet tap (LINKTYPE_PKTAP; bsd/net/pktap.h), in little-endian words. Returns the link type of the frame that follows, or -1 where
 * there is no frame.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                         Header length                         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                          Record type                          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                           Link type                           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~             Interface, process and further fields             ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodePktap(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < MIN_BYTES || readWord(bytes, start + 4) !== PACKET_RECORD) return -1;
  const headerBytes = readWord(bytes, start);
  if (headerBytes < MIN_BYTES || end - start < headerBytes) return -1;
  enterPayload(packet, start + headerBytes);
  return readWord(bytes, start + 8);
}

function readWord(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0;
}
