import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

/** ICMP (RFC 792) and ICMPv6 (RFC 4443): type and code in place of ports; the payload stays the whole message. */
export function decodeIcmp(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 2) return Layer.End;
  packet.srcPort = bytes[start]!;
  packet.dstPort = bytes[start + 1]!;
  return Layer.End;
}
