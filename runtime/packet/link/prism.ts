import { enterPayload } from "../enter-payload.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

/** Magic number of an AVS header without its last digit, the version. */
const AVS_MAGIC = 0x8021100;
const MIN_BYTES = 16;

/**
 * A Prism header (LINKTYPE_IEEE802_11_PRISM), in the byte order of the capturing host; some drivers write an AVS header instead.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                          Message code                         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                         Message length                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~               Device and measurements (variable)              ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodePrism(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < MIN_BYTES) return Layer.End;
  if (isAvs(bytes, start)) return decodeAvs(packet, bytes, start, end);
  // Headers are shorter than 64 KiB, so one half of the length is 0.
  const lowFirst = bytes[start + 4]! | (bytes[start + 5]! << 8);
  const lowLast = (bytes[start + 6]! << 8) | bytes[start + 7]!;
  return lowFirst !== 0 && lowLast !== 0 ? Layer.End : decodeAfter(packet, start, end, lowFirst | lowLast);
}

/**
 * An AVS header (LINKTYPE_IEEE802_11_AVS), in network byte order.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |              Magic number and version 0x80211001              |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                         Header length                         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~               Times and measurements (variable)               ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeAvs(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < MIN_BYTES || !isAvs(bytes, start)) return Layer.End;
  return decodeAfter(packet, start, end, (bytes[start + 6]! << 8) | bytes[start + 7]!);
}

function isAvs(bytes: Uint8Array, start: number): boolean {
  return (
    ((bytes[start]! << 20) | (bytes[start + 1]! << 12) | (bytes[start + 2]! << 4) | (bytes[start + 3]! >> 4)) ===
    AVS_MAGIC
  );
}

function decodeAfter(packet: Packet, start: number, end: number, lengthBytes: number): number {
  if (lengthBytes < MIN_BYTES || end - start < lengthBytes) return Layer.End;
  enterPayload(packet, start + lengthBytes);
  return Layer.Ieee80211;
}
