import { EtherType } from "./ether-type.js";
import { IpProtocol } from "./ip-protocol.js";
import { decodeIpv4 } from "./ipv4.js";
import { decodeIpv6 } from "./ipv6.js";
import { Layer } from "./layer.js";
import type { LayerTable } from "./layer-table.js";
import { decodeEthernet } from "./link/ethernet.js";
import type { Packet } from "./packet.js";
import { decodeTcp } from "./tcp.js";
import { decodeUdpTunnel } from "./tunnel/udp-tunnel.js";
import { decodeUdp } from "./udp.js";

// A constant of this module is inlined by the engine; one of an imported object is looked up at each use.
const END = Layer.End;
const ETHERNET = Layer.Ethernet;
const UDP_TUNNEL = Layer.UdpTunnel;
const ETHERTYPE_IPV4 = EtherType.Ipv4;
const ETHERTYPE_IPV6 = EtherType.Ipv6;
const TCP = IpProtocol.Tcp;
const UDP = IpProtocol.Udp;

/**
 * Decodes `layer`, whose bytes are `packet.start` to `packet.end`, and every layer inside it. Each layer leaves fewer bytes to the next
 * one, so the walk ends.
 */
export function walkLayers(packet: Packet, bytes: Uint8Array, layer: number, layers: LayerTable): void {
  let next = layer;
  // Nearly every packet takes this path, without the dispatch below.
  if (next === ETHERTYPE_IPV4) next = decodeIpv4(packet, bytes, packet.start, packet.end);
  else if (next === ETHERTYPE_IPV6) next = decodeIpv6(packet, bytes, packet.start, packet.end);
  if (next === TCP) next = decodeTcp(packet, bytes, packet.start, packet.end);
  else if (next === UDP) next = decodeUdp(packet, bytes, packet.start, packet.end, layers.udpTunnels);
  while (next !== END) next = decodeLayer(packet, bytes, packet.start, packet.end, next, layers);
}

/** Decodes one layer and returns the next one: common layers by calls that can be inlined, the others through the table. */
function decodeLayer(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  layer: number,
  layers: LayerTable,
): number {
  switch (layer) {
    case ETHERTYPE_IPV4:
      return decodeIpv4(packet, bytes, start, end);
    case ETHERTYPE_IPV6:
      return decodeIpv6(packet, bytes, start, end);
    case TCP:
      return decodeTcp(packet, bytes, start, end);
    case UDP:
      return decodeUdp(packet, bytes, start, end, layers.udpTunnels);
    case UDP_TUNNEL:
      return decodeUdpTunnel(packet, bytes, start, end, layers);
    case ETHERNET:
      return decodeEthernet(packet, bytes, start, end);
    default:
      return layers.decoders[layers.decoderOf[layer]!]!(packet, bytes, start, end);
  }
}
