import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const TAG_BYTES = 4;

/**
 * The service tag of a provider backbone bridge (IEEE 802.1Q, 9.7), then the customer's frame.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |I-PCP|D|U|R|Res|           Service identifier (I-SID)          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * D is the drop eligible indicator, U the use of customer addresses.
 */
export function decodePbb(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < TAG_BYTES) return Layer.End;
  const service = (bytes[start + 1]! << 16) | (bytes[start + 2]! << 8) | bytes[start + 3]!;
  return enterTunnel(packet, bytes, TunnelKind.PBB, service, start + TAG_BYTES, Layer.Ethernet);
}
