import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { ipHeaderLayer } from "../ip-header.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const TYPE_TWO_BYTES = 8;
const TYPE_THREE_BYTES = 12;
const SUBHEADER_BYTES = 8;
const TYPE_TWO_VERSION = 1;
const TYPE_THREE_VERSION = 2;
/** Frame types of type III. */
const ETHERNET_FRAME = 0;
const IP_FRAME = 2;

/**
 * ERSPAN types I and II (draft-foschiano-erspan-03, section 4). Type I does not have a header, nor a sequence number in the preceding
 * GRE header.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Ver  |          VLAN         | COS | En|T|     Session ID    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |        Reserved       |                 Index                 |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeErspan(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  hasSequenceNumber: boolean,
): number {
  if (!hasSequenceNumber) return enterTunnel(packet, bytes, TunnelKind.ERSPAN, 0, start, Layer.Ethernet);
  if (end - start < TYPE_TWO_BYTES || bytes[start]! >> 4 !== TYPE_TWO_VERSION) return Layer.End;
  const session = ((bytes[start + 2]! & 3) << 8) | bytes[start + 3]!;
  return enterTunnel(packet, bytes, TunnelKind.ERSPAN, session, start + TYPE_TWO_BYTES, Layer.Ethernet);
}

/**
 * ERSPAN type III (draft-foschiano-erspan-03, section 4).
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Ver  |          VLAN         | COS |BSO|T|     Session ID    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                           Timestamp                           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |              SGT              |P|    FT   |   Hw ID   |D|Gra|O|
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                                                               |
 *   +          Platform-specific subheader (where O is set)         +
 *   |                                                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeErspanThree(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < TYPE_THREE_BYTES || bytes[start]! >> 4 !== TYPE_THREE_VERSION) return Layer.End;
  const session = ((bytes[start + 2]! & 3) << 8) | bytes[start + 3]!;
  const hasSubheader = (bytes[start + 11]! & 1) !== 0;
  const frameType = (bytes[start + 10]! >> 2) & 0x1f;
  const frameStart = start + TYPE_THREE_BYTES + (hasSubheader ? SUBHEADER_BYTES : 0);
  if (frameType !== ETHERNET_FRAME && frameType !== IP_FRAME) return Layer.End;
  const layer = frameType === IP_FRAME ? ipHeaderLayer(bytes, frameStart, end) : Layer.Ethernet;
  return enterTunnel(packet, bytes, TunnelKind.ERSPAN, session, frameStart, layer);
}
