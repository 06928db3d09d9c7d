import { enterPayload } from "../enter-payload.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 24;
const ADDRESS_BYTES = 6;
const QOS_BYTES = 2;
const HT_CONTROL_BYTES = 4;

const DATA_TYPE = 2;
/** Bits of the subtype of data frames. */
const NO_DATA = 4;
const QOS = 8;
/** Bits of the second byte of frame control. */
const TO_AND_FROM_DISTRIBUTION_SYSTEM = 0x03;
const MORE_FRAGMENTS = 0x04;
const PROTECTED = 0x40;
const ORDER = 0x80;
/** Bit of the first byte of QoS control. */
const AGGREGATE = 0x80;

/**
 * IEEE 802.11 data frames (IEEE 802.11-2020, 9.3.2.1), including QoS frames and frames with four addresses; LLC follows. Encrypted frames,
 * aggregates, fragments, management and control frames end the walk.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Subtype|Typ|Ver|     Flags     |            Duration           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                           Address 1                           |
 *   +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                               |                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *   |                           Address 2                           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                           Address 3                           |
 *   +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                               |        Sequence control       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                      Address 4 (optional)                     |
 *   +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                               |     QoS control (optional)    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                     HT control (optional)                     |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * Typ is the type, 2 for data. Fields of two bytes and more are little-endian. Address 4 is
 * present when the frame goes from one distribution system to another, QoS control in QoS frames, and HT control
 * in those with the order flag.
 */
export function decodeIeee80211(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  const payloadStart = ieee80211PayloadStart(bytes, start, end);
  if (payloadStart < 0) return Layer.End;
  enterPayload(packet, payloadStart);
  return Layer.Llc;
}

/** First byte of the LLC header in the frame at `start` (IEEE 802.11-2020, 9.3.2.1), or -1 if it does not have a readable one. */
export function ieee80211PayloadStart(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return -1;
  const type = bytes[start]!;
  const flags = bytes[start + 1]!;
  const subtype = type >> 4;
  if ((type & 3) !== 0 || ((type >> 2) & 3) !== DATA_TYPE || (subtype & NO_DATA) !== 0) return -1;
  const fragmentNumber = bytes[start + 22]! & 15;
  if ((flags & (PROTECTED | MORE_FRAGMENTS)) !== 0 || fragmentNumber !== 0) return -1;

  let at = start + HEADER_BYTES;
  if ((flags & TO_AND_FROM_DISTRIBUTION_SYSTEM) === TO_AND_FROM_DISTRIBUTION_SYSTEM) at += ADDRESS_BYTES;
  if ((subtype & QOS) !== 0) {
    if (end - at < QOS_BYTES || (bytes[at]! & AGGREGATE) !== 0) return -1;
    at += QOS_BYTES;
    if ((flags & ORDER) !== 0) at += HT_CONTROL_BYTES;
  }
  return at > end ? -1 : at;
}
