import { decodeAh } from "./ah.js";
import { decodeEtherType, EtherType, isWholeVlanTag } from "./ether-type.js";
import { decodeIcmp } from "./icmp.js";
import { ipHeaderLayer } from "./ip-header.js";
import { IpProtocol } from "./ip-protocol.js";
import { decodeIpv4 } from "./ipv4.js";
import { decodeIpv6 } from "./ipv6.js";
import { Layer } from "./layer.js";
import { decodeCiscoHdlc } from "./link/cisco-hdlc.js";
import { decodeEthernet } from "./link/ethernet.js";
import { decodeAfterHeader } from "./link/fixed-header.js";
import { decodeFrameRelay } from "./link/frame-relay.js";
import { decodeIeee80211 } from "./link/ieee-802-11.js";
import { decodeArista, decodeCiscoMetadata, decodeInsertedTag } from "./link/inserted-tag.js";
import { decodeAtmLlc, decodeLlc } from "./link/llc.js";
import { decodeMacsec } from "./link/macsec.js";
import { decodeRadiotap } from "./link/radiotap.js";
import { decodeTrill } from "./link/trill.js";
import { decodeNsh } from "./nsh.js";
import type { Packet } from "./packet.js";
import { decodePpp } from "./ppp.js";
import { decodeTcp } from "./tcp.js";
import { decodeTransportPorts } from "./transport-ports.js";
import { decodeEtherIp, decodeEthernetInIp } from "./tunnel/etherip.js";
import { decodeGre } from "./tunnel/gre.js";
import { decodeIpInIp } from "./tunnel/ip-in-ip.js";
import { decodeL2tpInIp } from "./tunnel/l2tp.js";
import { decodeMpls } from "./tunnel/mpls.js";
import { decodePbb } from "./tunnel/pbb.js";
import { decodePppoeSession } from "./tunnel/pppoe.js";
import { decodeUdpTunnel } from "./tunnel/udp-tunnel.js";
import { decodeUdp } from "./udp.js";

// A constant of this module is compiled in; one of an imported object is looked up each time.
const END = Layer.End;
const ETHERTYPE_IPV4 = EtherType.Ipv4;
const ETHERTYPE_IPV6 = EtherType.Ipv6;
const ETHERTYPE_ARP = EtherType.Arp;
const TCP = IpProtocol.Tcp;
const UDP = IpProtocol.Udp;
const ICMP = IpProtocol.Icmp;
const ICMPV6 = IpProtocol.Icmpv6;

/**
 * Decodes `layer`, whose bytes are `packet.start` to `packet.end`, and every layer inside it. Each layer leaves fewer bytes to the next
 * one, so that the walk ends.
 */
export function walkLayers(packet: Packet, bytes: Uint8Array, layer: number): void {
  let next = layer;
  // Nearly every packet goes this way, without the dispatch below.
  if (next === ETHERTYPE_IPV4) next = decodeIpv4(packet, bytes, packet.start, packet.end);
  else if (next === ETHERTYPE_IPV6) next = decodeIpv6(packet, bytes, packet.start, packet.end);
  if (next === TCP) next = decodeTcp(packet, bytes, packet.start, packet.end);
  else if (next === UDP) next = decodeUdp(packet, bytes, packet.start, packet.end);
  while (next !== END) next = decodeLayer(packet, bytes, packet.start, packet.end, next);
}

/** Decodes one layer and returns the next one. */
function decodeLayer(packet: Packet, bytes: Uint8Array, start: number, end: number, layer: number): number {
  switch (layer) {
    case ETHERTYPE_ARP:
      // In a tunnel without Ethernet it was not noted yet.
      packet.etherType = ETHERTYPE_ARP;
      return END;
    case ETHERTYPE_IPV4:
      return decodeIpv4(packet, bytes, start, end);
    case ETHERTYPE_IPV6:
      return decodeIpv6(packet, bytes, start, end);
    case TCP:
      return decodeTcp(packet, bytes, start, end);
    case UDP:
      return decodeUdp(packet, bytes, start, end);
    case ICMP:
    case ICMPV6:
      return decodeIcmp(packet, bytes, start, end);
    default:
      return layer < 256
        ? decodeIpProtocol(packet, bytes, start, end, layer)
        : decodeLinkLayer(packet, bytes, start, end, layer);
  }
}

function decodeIpProtocol(packet: Packet, bytes: Uint8Array, start: number, end: number, protocol: number): number {
  switch (protocol) {
    case IpProtocol.Sctp:
    case IpProtocol.Dccp:
    case IpProtocol.UdpLite:
      return decodeTransportPorts(packet, bytes, start, end);
    case IpProtocol.Ipv4:
    case IpProtocol.Ipv6:
      return decodeIpInIp(packet, bytes, start, end);
    case IpProtocol.Gre:
      return decodeGre(packet, bytes, start, end);
    case IpProtocol.Ah:
      return decodeAh(packet, bytes, start, end);
    case IpProtocol.EtherIp:
      return decodeEtherIp(packet, bytes, start, end);
    case IpProtocol.L2tp:
      return decodeL2tpInIp(packet, bytes, start, end);
    case IpProtocol.Mpls:
      return decodeMpls(packet, bytes, start, end);
    case IpProtocol.Ethernet:
      return decodeEthernetInIp(packet, bytes, start);
    default:
      return Layer.End;
  }
}

function decodeLinkLayer(packet: Packet, bytes: Uint8Array, start: number, end: number, layer: number): number {
  switch (layer) {
    case Layer.Ip:
      return ipHeaderLayer(bytes, start, end);
    case Layer.Ethernet:
      return decodeEthernet(packet, bytes, start, end);
    case Layer.Llc:
    case EtherType.JumboLlc:
      return decodeLlc(packet, bytes, start, end);
    case Layer.UdpTunnel:
      return decodeUdpTunnel(packet, bytes, start, end);
    case EtherType.Mpls:
    case EtherType.MplsMulticast:
      return decodeMpls(packet, bytes, start, end);
    case EtherType.PppoeSession:
      return decodePppoeSession(packet, bytes, start, end);
    case Layer.Ppp:
      return decodePpp(packet, bytes, start, end);
    case EtherType.Pbb:
      return decodePbb(packet, bytes, start, end);
    case Layer.EthernetAfterControlWord:
      return decodeAfterHeader(packet, start, end, 4, Layer.Ethernet);
    case Layer.PaddedEthernet:
    case EtherType.FabricPath:
      return decodeAfterHeader(packet, start, end, 2, Layer.Ethernet);
    case EtherType.Trill:
      return decodeTrill(packet, bytes, start, end);
    case EtherType.Nsh:
      return decodeNsh(packet, bytes, start, end);
    case EtherType.Macsec:
      return decodeMacsec(packet, bytes, start, end);
    case EtherType.CiscoMetadata:
      return decodeCiscoMetadata(packet, bytes, start, end);
    case EtherType.VnTag:
    case EtherType.Hsr:
      return decodeInsertedTag(packet, bytes, start, end, 4);
    case EtherType.ETag:
      return decodeInsertedTag(packet, bytes, start, end, 6);
    case EtherType.Arista:
      return decodeArista(packet, bytes, start, end);
    case Layer.Ieee80211:
      return decodeIeee80211(packet, bytes, start, end);
    case Layer.Radiotap:
      return decodeRadiotap(packet, bytes, start, end);
    case Layer.AtmLlc:
      return decodeAtmLlc(packet, bytes, start, end);
    case Layer.CiscoHdlc:
      return decodeCiscoHdlc(packet, bytes, start, end);
    case Layer.FrameRelay:
      return decodeFrameRelay(packet, bytes, start, end);
    default:
      return isWholeVlanTag(layer, start, end) ? decodeEtherType(packet, bytes, start, end, layer) : Layer.End;
  }
}
