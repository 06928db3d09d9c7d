import { enterPayload } from "../enter-payload.js";
import { decodeEtherType, isEtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 16;
const HEADER_V2_BYTES = 20;

/** Hardware types whose protocol field is not an Ethernet type. */
const ARPHRD_FRAME_RELAY = 770;
const ARPHRD_RADIOTAP = 803;
const ARPHRD_NETLINK = 824;

/** Linux's own protocol numbers, which are not Ethernet types: IEEE 802.2 and PPP. */
const PROTOCOL_802_2 = 4;
const PROTOCOL_PPP = 7;

/**
 * Linux cooked capture (https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html).
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |          Packet type          |         Hardware type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Address length        |                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *   |                       Link-layer address                      |
 *   +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                               |            Protocol           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeSll(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return Layer.End;
  const hardwareType = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  const protocol = (bytes[start + 14]! << 8) | bytes[start + 15]!;
  return decodePayload(packet, bytes, start + HEADER_BYTES, end, hardwareType, protocol);
}

/**
 * Linux cooked capture, version 2 (https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html).
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |            Protocol           |            Reserved           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                        Interface index                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Hardware type         |  Packet type  | Address length|
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                                                               |
 *   +                       Link-layer address                      +
 *   |                                                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeSll2(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_V2_BYTES) return Layer.End;
  const protocol = (bytes[start]! << 8) | bytes[start + 1]!;
  const hardwareType = (bytes[start + 8]! << 8) | bytes[start + 9]!;
  return decodePayload(packet, bytes, start + HEADER_V2_BYTES, end, hardwareType, protocol);
}

function decodePayload(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  hardwareType: number,
  protocol: number,
): number {
  enterPayload(packet, start);
  switch (hardwareType) {
    case ARPHRD_NETLINK:
      return Layer.End;
    case ARPHRD_FRAME_RELAY:
      return Layer.FrameRelay;
    case ARPHRD_RADIOTAP:
      return Layer.Radiotap;
  }
  if (isEtherType(protocol)) return decodeEtherType(packet, bytes, start, end, protocol);
  if (protocol === PROTOCOL_802_2) return Layer.Llc;
  return protocol === PROTOCOL_PPP ? Layer.Ppp : Layer.End;
}
