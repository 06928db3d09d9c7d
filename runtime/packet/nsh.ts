import { enterPayload } from "./enter-payload.js";
import { EtherType } from "./ether-type.js";
import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

/**
 * Network service header (RFC 8300, sections 2.2 and 2.3), whose length field counts units of 4 bytes; the forwarded packet follows.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Ver|O|U|    TTL    |   Length  |   U   |MD Type| Next Protocol |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |            Service Path Identifier            | Service Index |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                   Context Headers (variable)                  ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeNsh(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  const payloadStart = nshEnd(bytes, start, end);
  if (payloadStart < 0) return Layer.End;
  enterPayload(packet, payloadStart);
  return nshLayer(bytes[start + 3]!);
}

/** First byte after the service header at `start`, or -1 if it is truncated or invalid. */
export function nshEnd(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8 || bytes[start]! >> 6 !== 0) return -1;
  const lengthBytes = (bytes[start + 1]! & 0x3f) << 2;
  return lengthBytes < 8 || end - start < lengthBytes ? -1 : start + lengthBytes;
}

/** The layer of a next protocol number (RFC 8300, section 11.2.5); VXLAN-GPE uses the same numbers except 4. */
export function nshLayer(nextProtocol: number): number {
  switch (nextProtocol) {
    case 1:
      return EtherType.Ipv4;
    case 2:
      return EtherType.Ipv6;
    case 3:
      return Layer.Ethernet;
    case 4:
      return EtherType.Nsh;
    case 5:
      return EtherType.Mpls;
    default:
      return Layer.End;
  }
}
