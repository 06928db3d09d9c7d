import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

/**
 * ICMP (RFC 792) and ICMPv6 (RFC 4443, section 2.1): type and code take the places of ports; the payload is the whole message.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |      Type     |      Code     |            Checksum           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeIcmp(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 2) return Layer.End;
  packet.srcPort = bytes[start]!;
  packet.dstPort = bytes[start + 1]!;
  return Layer.End;
}
