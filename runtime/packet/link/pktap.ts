import { enterPayload } from "../enter-payload.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";
import { namedLinkType } from "./named-link-type.js";

const MIN_BYTES = 12;
const PACKET_RECORD = 1;

/**
 * Apple's packet tap (LINKTYPE_PKTAP; bsd/net/pktap.h), in little-endian words; a frame of the given link type follows.
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
  if (end - start < MIN_BYTES || readWord(bytes, start + 4) !== PACKET_RECORD) return Layer.End;
  const headerBytes = readWord(bytes, start);
  if (headerBytes < MIN_BYTES || end - start < headerBytes) return Layer.End;
  enterPayload(packet, start + headerBytes);
  return namedLinkType(readWord(bytes, start + 8));
}

function readWord(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0;
}
