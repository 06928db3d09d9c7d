import { Layer } from "../layer.js";
import type { LayerTable } from "../layer-table.js";
import type { Packet } from "../packet.js";

const END = Layer.End;

/**
 * Looks for a tunnel in a datagram by its destination port, and by its source port for tunnels whose other end may have any port. Either
 * port may belong to an ordinary client: a payload that does not look like the port's tunnel is not decoded as one.
 */
export function decodeUdpTunnel(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  { udpTunnels, udpServers, decoders }: LayerTable,
): number {
  const { srcPort, dstPort } = packet;
  const layer = decoders[udpTunnels[dstPort]!]!(packet, bytes, start, end);
  if (layer !== END || srcPort === dstPort) return layer;
  return decoders[udpServers[srcPort]!]!(packet, bytes, start, end);
}
