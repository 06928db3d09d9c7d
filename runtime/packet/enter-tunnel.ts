import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";
import { resetNetwork } from "./reset-network.js";
import { isSoundLayer } from "./sound-layer.js";
import type { Tunnel } from "./tunnel/tunnel.js";

/** The VLAN tags that are stored; see `Packet.vlanId`. */
const KEPT_VLAN_TAGS = 2;

/**
 * Moves from the packet that `packet` describes to the one that it carries from `start` on, whose first layer is `layer`, and returns
 * that layer. `kind` is one of the tunnel's {@link Tunnel.kinds}. Changes nothing and returns `Layer.End` if the inner bytes do not look like
 * that layer, if the outer packet is a fragment, or if the limit of nested tunnels is reached, which is recorded.
 */
export function enterTunnel(
  packet: Packet,
  bytes: Uint8Array,
  kind: number,
  id: number,
  start: number,
  layer: number,
): number {
  const payloadLengthBytes = packet.payloadLengthBytes - (start - packet.start);
  if (packet.isFragment || !isSoundLayer(layer, bytes, start, packet.end, payloadLengthBytes)) return Layer.End;
  if (!packet.tunnels.push(kind, id, packet)) return Layer.End;
  resetNetwork(packet, start, packet.end);
  packet.payloadLengthBytes = Math.max(0, payloadLengthBytes);
  if (packet.vlanTags > 0) packet.vlanTags = KEPT_VLAN_TAGS;
  return layer;
}
