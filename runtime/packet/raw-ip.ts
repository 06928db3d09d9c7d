import { decodeIpv4 } from "./ipv4.js";
import { decodeIpv6 } from "./ipv6.js";
import type { Packet } from "./packet.js";

/** A frame that starts with an IP header of either version (LINKTYPE_RAW). */
export function decodeRawIp(packet: Packet, bytes: Uint8Array, start: number, end: number): void {
  if (end === start) return;
  if (bytes[start]! >> 4 === 6) decodeIpv6(packet, bytes, start, end);
  else decodeIpv4(packet, bytes, start, end);
}
