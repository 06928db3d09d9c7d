import { decodeEtherType, EtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 14;
const IPV4 = EtherType.Ipv4;
const IPV6 = EtherType.Ipv6;

/**
 * Ethernet II and IEEE 802.3 frames (IEEE 802.3, 3.1.1), tagged or not; a captured frame check sequence is treated as padding.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                      Destination address                      |
 *   +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                               |                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *   |                         Source address                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Type or length        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeEthernet(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return Layer.End;
  const etherType = (bytes[start + 12]! << 8) | bytes[start + 13]!;
  const payloadStart = start + HEADER_BYTES;
  packet.payloadLengthBytes -= HEADER_BYTES;
  packet.isLinkGroup = (bytes[start]! & 1) !== 0;
  // Fast path: most frames do not have a tag.
  if (etherType !== IPV4 && etherType !== IPV6) return decodeEtherType(packet, bytes, payloadStart, end, etherType);
  packet.etherType = etherType;
  packet.start = payloadStart;
  packet.networkStart = payloadStart;
  return etherType;
}
