import { boundedIpLayer } from "./ip-header.js";
import { Layer } from "./layer.js";
import { isLikelyFrame } from "./likely-frame.js";

const LABEL_BYTES = 4;
/** Maximum number of labels, more than segment routing uses; beyond it, the bytes are not labels. */
const MAX_LABELS = 32;

/**
 * First byte after a stack of MPLS labels (RFC 3032, section 2.1; RFC 5462), or -1 if its last label, which has S set, is not found.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                 Label                 |  TC |S|      TTL      |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function labelStackEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let labels = 0; labels < MAX_LABELS && end - at >= LABEL_BYTES; labels++) {
    at += LABEL_BYTES;
    if ((bytes[at - 2]! & 1) !== 0) return at;
  }
  return -1;
}

/** The last label of the stack that ends at `at`. */
export function bottomLabel(bytes: Uint8Array, at: number): number {
  return (bytes[at - 4]! << 12) | (bytes[at - 3]! << 4) | (bytes[at - 2]! >> 4);
}

/**
 * The layer after a label stack, determined from its bytes because labels do not state it: IP by version, or the Ethernet frame of a
 * pseudowire, with or without a control word (RFC 4448, section 4.6). `lengthBytes` is the payload's length on the wire.
 */
export function labelledLayer(bytes: Uint8Array, at: number, end: number, lengthBytes: number): number {
  const ip = boundedIpLayer(bytes, at, end, lengthBytes);
  if (ip !== Layer.End) return ip;
  if (at < end && bytes[at]! >> 4 === 0 && isLikelyFrame(bytes, at + 4, end, lengthBytes - 4)) {
    return Layer.EthernetAfterControlWord;
  }
  return isLikelyFrame(bytes, at, end, lengthBytes) ? Layer.Ethernet : Layer.End;
}
