import { decodeAh } from "./ah.js";
import { decodeEtherType, EtherType, isWholeVlanTag } from "./ether-type.js";
import { decodeIcmp } from "./icmp.js";
import { ipHeaderLayer } from "./ip-header.js";
import { IpProtocol } from "./ip-protocol.js";
import { decodeIpv4 } from "./ipv4.js";
import { decodeIpv6, IPV6_EXTENSIONS } from "./ipv6.js";
import { Layer } from "./layer.js";
import type { LayerDecoder } from "./layer-decoder.js";
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
import { decodePpp } from "./ppp.js";
import { decodeTcp } from "./tcp.js";
import { decodeTransportPorts } from "./transport-ports.js";

/** A decoder and the numbers of its layers. */
export interface LayerRow {
  readonly layers: readonly number[];
  readonly decode: LayerDecoder;
}

const { Vlan, ProviderVlan, OldStackedVlan, OldStackedVlanTwo, OldStackedVlanThree } = EtherType;
const VLAN_TAGS = [Vlan, ProviderVlan, OldStackedVlan, OldStackedVlanTwo, OldStackedVlanThree];

/** Link and network headers that are not tunnels and may precede any other packet. */
export const HEADERS: readonly LayerRow[] = [
  { layers: [Layer.Ip], decode: (_, bytes, start, end) => ipHeaderLayer(bytes, start, end) },
  { layers: [Layer.Ethernet], decode: decodeEthernet },
  { layers: [Layer.Llc, EtherType.JumboLlc], decode: decodeLlc },
  { layers: [Layer.Ppp], decode: decodePpp },
  { layers: [Layer.EthernetAfterControlWord], decode: ethernetAfter(4) },
  { layers: [Layer.PaddedEthernet, EtherType.FabricPath], decode: ethernetAfter(2) },
  { layers: [Layer.Ieee80211], decode: decodeIeee80211 },
  { layers: [Layer.Radiotap], decode: decodeRadiotap },
  { layers: [Layer.AtmLlc], decode: decodeAtmLlc },
  { layers: [Layer.CiscoHdlc], decode: decodeCiscoHdlc },
  { layers: [Layer.FrameRelay], decode: decodeFrameRelay },
  { layers: [EtherType.Trill], decode: decodeTrill },
  { layers: [EtherType.Nsh], decode: decodeNsh },
  { layers: [EtherType.Macsec], decode: decodeMacsec },
  { layers: [EtherType.CiscoMetadata], decode: decodeCiscoMetadata },
  { layers: [EtherType.VnTag, EtherType.Hsr], decode: insertedTag(4) },
  { layers: [EtherType.ETag], decode: insertedTag(6) },
  { layers: [EtherType.Arista], decode: decodeArista },
  ...VLAN_TAGS.map((type) => ({ layers: [type], decode: vlanTag(type) })),
  { layers: [IpProtocol.Ah], decode: decodeAh },
  // In IPv6 they are decoded with it; in IPv4 they do not exist.
  { layers: IPV6_EXTENSIONS.filter((protocol) => protocol !== IpProtocol.Ah), decode: () => Layer.End },
];

/** Layers that determine what a packet is: IP, and protocols that are decoded last. */
export const PROTOCOLS: readonly LayerRow[] = [
  { layers: [EtherType.Ipv4], decode: decodeIpv4 },
  { layers: [EtherType.Ipv6], decode: decodeIpv6 },
  {
    layers: [EtherType.Arp],
    decode(packet) {
      // In a tunnel without Ethernet it is not set yet.
      packet.etherType = EtherType.Arp;
      return Layer.End;
    },
  },
  { layers: [IpProtocol.Tcp], decode: decodeTcp },
  { layers: [IpProtocol.Icmp, IpProtocol.Icmpv6], decode: decodeIcmp },
  { layers: [IpProtocol.Sctp, IpProtocol.Dccp, IpProtocol.UdpLite], decode: decodeTransportPorts },
];

function ethernetAfter(headerBytes: number): LayerDecoder {
  return (packet, _, start, end) => decodeAfterHeader(packet, start, end, headerBytes, Layer.Ethernet);
}

function insertedTag(tagBytes: number): LayerDecoder {
  return (packet, bytes, start, end) => decodeInsertedTag(packet, bytes, start, end, tagBytes);
}

function vlanTag(type: number): LayerDecoder {
  return (packet, bytes, start, end) =>
    isWholeVlanTag(type, start, end) ? decodeEtherType(packet, bytes, start, end, type) : Layer.End;
}
