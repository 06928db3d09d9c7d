import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

/**
 * The ports with which SCTP (RFC 9260, section 3.1), DCCP (RFC 4340, section 5.1) and UDP-Lite (RFC 3828, section 3) begin; the payload
 * is the whole packet.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |          Source Port          |        Destination Port       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeTransportPorts(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 4) return Layer.End;
  packet.srcPort = (bytes[start]! << 8) | bytes[start + 1]!;
  packet.dstPort = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  return Layer.End;
}
