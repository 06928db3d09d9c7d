import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { exactIpLayer } from "../ip-header.js";
import { bottomLabel, labelledLayer, labelStackEnd } from "../label-stack.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

/**
 * A stack of MPLS labels (RFC 3032, section 2.1) in a frame, in PPP, in IP or in GRE (RFC 4023).
 *
 * ```
 *   ┌───────────────────────┬───┬───────────────────────┬─────────┐
 *   │ label, TC, S = 0, TTL │ … │ label, TC, S = 1, TTL │ payload │
 *   └───────────────────────┴───┴───────────────────────┴─────────┘
 *               4                           4                      bytes
 * ```
 */
export function decodeMpls(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  const payloadStart = labelStackEnd(bytes, start, end);
  if (payloadStart < 0) return Layer.End;
  const layer = labelledLayer(bytes, payloadStart, end, packet.payloadLengthBytes - (payloadStart - packet.start));
  return enterTunnel(packet, bytes, TunnelKind.MPLS, bottomLabel(bytes, payloadStart), payloadStart, layer);
}

/** MPLS in UDP (RFC 7510). Any bytes can look like labels, so an IP packet after them must fill the datagram. */
export function decodeMplsInUdp(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  const payloadStart = labelStackEnd(bytes, start, end);
  if (payloadStart < 0) return Layer.End;
  const lengthBytes = packet.payloadLengthBytes - (payloadStart - packet.start);
  const layer = labelledLayer(bytes, payloadStart, end, lengthBytes);
  const isFrame = layer === Layer.Ethernet || layer === Layer.EthernetAfterControlWord;
  return isFrame || exactIpLayer(bytes, payloadStart, end, lengthBytes) !== Layer.End
    ? decodeMpls(packet, bytes, start, end)
    : Layer.End;
}
