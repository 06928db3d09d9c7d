import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { exactIpLayer } from "../ip-header.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 8;
const INSTANCE_FLAG = 0x08;

/**
 * LISP data packets (RFC 9300, section 5.3); an IP packet that fills the datagram follows.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |N|L|E|V|I|R|K|K|              Nonce or Map-Version             |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |          Instance ID (where I is set)         |  Status bits  |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeLisp(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  const at = start + HEADER_BYTES;
  const layer = exactIpLayer(bytes, at, end, packet.payloadLengthBytes - HEADER_BYTES);
  if (layer === Layer.End) return Layer.End;
  const hasInstance = (bytes[start]! & INSTANCE_FLAG) !== 0;
  const instance = hasInstance ? (bytes[start + 4]! << 16) | (bytes[start + 5]! << 8) | bytes[start + 6]! : 0;
  return enterTunnel(packet, bytes, TunnelKind.LISP, instance, at, layer);
}
