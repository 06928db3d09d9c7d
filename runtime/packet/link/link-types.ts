import { EtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import { LinkType } from "../link-type.js";
import { decodeBsdLoopback } from "./bsd-loopback.js";
import { decodeDsa } from "./dsa.js";
import { decodeEthernet } from "./ethernet.js";
import { decodeAfterHeader, decodeTypedHeader } from "./fixed-header.js";
import type { LinkTypeDecoder } from "./link-type-decoder.js";
import { decodeNflog } from "./nflog.js";
import { decodePflog } from "./pflog.js";
import { decodePktap } from "./pktap.js";
import { decodePpi } from "./ppi.js";
import { decodeAvs, decodePrism } from "./prism.js";
import { serialLineLayer } from "./serial-line.js";
import { decodeSll, decodeSll2 } from "./sll.js";
import { decodeSunAtm } from "./sun-atm.js";
import { decodeFddi, decodeTokenRing } from "./token-ring.js";

const { Raw, RawBsd, RawOpenBsd, Ipv4, Ipv6 } = LinkType;

/** Every link type that is decoded without a plugin, one row for each decoder. */
export const LINK_TYPES: readonly LinkTypeDecoder[] = [
  { linkTypes: [LinkType.Ethernet], decode: decodeEthernet },
  { linkTypes: [Raw, RawBsd, RawOpenBsd, Ipv4, Ipv6], decode: () => Layer.Ip },
  { linkTypes: [LinkType.Sll], decode: decodeSll },
  { linkTypes: [LinkType.Sll2], decode: decodeSll2 },
  { linkTypes: [LinkType.Null, LinkType.Loop], decode: decodeBsdLoopback },
  { linkTypes: [LinkType.Ieee80211Radiotap], decode: () => Layer.Radiotap },
  { linkTypes: [LinkType.Ieee80211], decode: () => Layer.Ieee80211 },
  { linkTypes: [LinkType.Ieee80211Prism], decode: decodePrism },
  { linkTypes: [LinkType.Ieee80211Avs], decode: decodeAvs },
  { linkTypes: [LinkType.Ppp, LinkType.PppHdlc], decode: (_, bytes, start, end) => serialLineLayer(bytes, start, end) },
  { linkTypes: [LinkType.PppWithDirection], decode: after(1, Layer.Ppp) },
  { linkTypes: [LinkType.PppEther], decode: () => EtherType.PppoeSession },
  { linkTypes: [LinkType.CiscoHdlc], decode: () => Layer.CiscoHdlc },
  { linkTypes: [LinkType.CiscoHdlcWithDirection], decode: after(1, Layer.CiscoHdlc) },
  { linkTypes: [LinkType.FrameRelay], decode: () => Layer.FrameRelay },
  { linkTypes: [LinkType.FrameRelayWithDirection], decode: after(1, Layer.FrameRelay) },
  { linkTypes: [LinkType.Mpls], decode: () => EtherType.Mpls },
  { linkTypes: [LinkType.Nflog], decode: decodeNflog },
  { linkTypes: [LinkType.Pflog], decode: decodePflog },
  { linkTypes: [LinkType.Pktap], decode: decodePktap },
  { linkTypes: [LinkType.Ppi], decode: decodePpi },
  { linkTypes: [LinkType.Enc], decode: after(12, Layer.Ip) },
  { linkTypes: [LinkType.IpNet], decode: after(24, Layer.Ip) },
  { linkTypes: [LinkType.IpOverInfiniband], decode: typed(44, 40) },
  { linkTypes: [LinkType.AppleIpOverFirewire, LinkType.BroadcomTag], decode: typed(18, 16) },
  { linkTypes: [LinkType.IpOverFibreChannel], decode: after(16, Layer.Llc) },
  { linkTypes: [LinkType.Dsa], decode: (packet, bytes, start, end) => decodeDsa(packet, bytes, start, end, 0) },
  { linkTypes: [LinkType.Edsa], decode: (packet, bytes, start, end) => decodeDsa(packet, bytes, start, end, 4) },
  { linkTypes: [LinkType.BroadcomTagPrepended], decode: after(4, Layer.Ethernet) },
  { linkTypes: [LinkType.TokenRing], decode: decodeTokenRing },
  { linkTypes: [LinkType.Fddi], decode: decodeFddi },
  { linkTypes: [LinkType.AtmRfc1483, LinkType.AtmRfc1483Dlt], decode: () => Layer.AtmLlc },
  { linkTypes: [LinkType.SunAtm], decode: decodeSunAtm },
];

/** `layer` after a header of `headerBytes`. */
function after(headerBytes: number, layer: number): LinkTypeDecoder["decode"] {
  return (packet, _, start, end) => decodeAfterHeader(packet, start, end, headerBytes, layer);
}

/** A header of `headerBytes` with an Ethernet type at `typeOffset`. */
function typed(headerBytes: number, typeOffset: number): LinkTypeDecoder["decode"] {
  return (packet, bytes, start, end) => decodeTypedHeader(packet, bytes, start, end, headerBytes, typeOffset);
}
