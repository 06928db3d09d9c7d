import { enterPayload } from "../enter-payload.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 4;
const TRAFFIC_TYPE = 0x0f;
const LLC_TRAFFIC = 2;

/**
 * ATM of SunATM devices (LINKTYPE_SUNATM): direction, traffic type, path and circuit. Only the type LLC is decoded.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |D| Res |  Type |   Path (VPI)  |         Circuit (VCI)         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeSunAtm(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES || (bytes[start]! & TRAFFIC_TYPE) !== LLC_TRAFFIC) return Layer.End;
  enterPayload(packet, start + HEADER_BYTES);
  return Layer.AtmLlc;
}
