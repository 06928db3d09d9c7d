import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";
import { resetNetwork } from "./reset-network.js";
import { isSoundLayer } from "./sound-layer.js";
import type { Tunnel } from "./tunnel/tunnel.js";

/** All the VLAN tags that are kept; see `Packet.vlanId`. */
const KEPT_VLAN_TAGS = 2;

/**
 * Goes from the packet that `packet` describes into the one that it carries from `start` on, whose first layer is `layer`, and returns
 * that layer. `kind` is one of the tunnel's {@link Tunnel.kinds}. Nothing changes, and the result is `Layer.End`, where what is inside does not look like that layer, where the outer packet
 * is a fragment, and where there are too many tunnels already, which is noted.
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
