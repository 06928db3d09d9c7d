import { enterPayload } from "../enter-payload.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";
import { decodeIeee80211, ieee80211PayloadStart } from "./ieee-802-11.js";

const HEADER_BYTES = 8;
/** Bits of the first word of present fields (https://www.radiotap.org). */
const TIMESTAMP = 1;
const FLAGS = 2;
const EXTENDED = 0x80;
/** Bits of the flags field. */
const FRAME_CHECK_INCLUDED = 0x10;
const DATA_PADDED = 0x20;
const FRAME_CHECK_BYTES = 4;

/**
 * A radiotap header (LINKTYPE_IEEE802_11_RADIOTAP; https://www.radiotap.org), little-endian, then IEEE 802.11 with the padding and the frame
 * check sequence that the header's flags announce.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |   Version 0   |      Pad      |         Header length         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                         Present fields                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~       Further words of present fields, fields (variable)      ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeRadiotap(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES || bytes[start] !== 0) return Layer.End;
  const lengthBytes = bytes[start + 2]! | (bytes[start + 3]! << 8);
  if (lengthBytes < HEADER_BYTES || end - start < lengthBytes) return Layer.End;
  const frameStart = start + lengthBytes;
  const flags = readFlags(bytes, start, frameStart);
  enterPayload(packet, frameStart);
  if ((flags & FRAME_CHECK_INCLUDED) !== 0) dropFrameCheck(packet);
  if ((flags & DATA_PADDED) === 0) return decodeIeee80211(packet, bytes, frameStart, packet.end);

  const payloadStart = ieee80211PayloadStart(bytes, frameStart, packet.end);
  if (payloadStart < 0) return Layer.End;
  const paddedStart = payloadStart + (-(payloadStart - frameStart) & 3);
  if (paddedStart > packet.end) return Layer.End;
  enterPayload(packet, paddedStart);
  return Layer.Llc;
}

/** The flags field, which is the second one, after a timestamp aligned to 8 bytes; 0 if it is absent. */
function readFlags(bytes: Uint8Array, start: number, end: number): number {
  const present = bytes[start + 4]!;
  if ((present & FLAGS) === 0) return 0;
  let at = start + 4;
  while ((bytes[at + 3]! & EXTENDED) !== 0 && end - at >= 8) at += 4;
  at += 4;
  if ((present & TIMESTAMP) !== 0) at += (-(at - start) & 7) + 8;
  return at < end ? bytes[at]! : 0;
}

function dropFrameCheck(packet: Packet): void {
  packet.payloadLengthBytes = Math.max(0, packet.payloadLengthBytes - FRAME_CHECK_BYTES);
  if (packet.end - packet.start > packet.payloadLengthBytes) packet.end = packet.start + packet.payloadLengthBytes;
}
