import type { Packet } from "./packet.js";

/** SCTP (RFC 9260, section 3.1): the ports of the common header; the payload stays the whole packet. */
export function decodeSctp(packet: Packet, bytes: Uint8Array, start: number, end: number): void {
  if (end - start < 4) return;
  packet.srcPort = (bytes[start]! << 8) | bytes[start + 1]!;
  packet.dstPort = (bytes[start + 2]! << 8) | bytes[start + 3]!;
}
