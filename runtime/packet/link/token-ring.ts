import { enterPayload } from "../enter-payload.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 14;
const FDDI_HEADER_BYTES = 13;
/** Upper bits of frame control of a frame that contains LLC. */
const LLC_FRAME_TYPE = 0x40;
const FDDI_LLC_FRAME_TYPE = 0x50;
/** Bit of the source address that indicates routing information. */
const ROUTED = 0x80;
const ROUTING_LENGTH = 0x1f;

/**
 * Token Ring (IEEE 802.5), with source routing if the first bit of the source address is set; LLC follows.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   | Access control| Frame control |                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *   |                      Destination address                      |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                         Source address                        |
 *   +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~           Routing information (0, or 2 to 30 bytes)           ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeTokenRing(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES || (bytes[start + 1]! & 0xc0) !== LLC_FRAME_TYPE) return Layer.End;
  let at = start + HEADER_BYTES;
  if ((bytes[start + 8]! & ROUTED) !== 0) {
    if (end - at < 2) return Layer.End;
    at += bytes[at]! & ROUTING_LENGTH;
    if (at > end) return Layer.End;
  }
  enterPayload(packet, at);
  return Layer.Llc;
}

/**
 * FDDI (ANSI X3.139): LLC follows.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   | Frame control |              Destination address              |
 *   +-+-+-+-+-+-+-+-+                               +-+-+-+-+-+-+-+-+
 *   |                                               |               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+               +
 *   |                         Source address                        |
 *   +               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |               |
 *   +-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeFddi(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < FDDI_HEADER_BYTES || (bytes[start]! & 0xf0) !== FDDI_LLC_FRAME_TYPE) return Layer.End;
  enterPayload(packet, start + FDDI_HEADER_BYTES);
  return Layer.Llc;
}
