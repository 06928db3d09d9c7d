import { EtherType } from "./ether-type.js";
import { Layer } from "./layer.js";
import { decodeBsdLoopback } from "./link/bsd-loopback.js";
import { decodeDsa } from "./link/dsa.js";
import { decodeEthernet } from "./link/ethernet.js";
import { decodeAfterHeader, decodeTypedHeader } from "./link/fixed-header.js";
import { decodeNflog } from "./link/nflog.js";
import { decodePflog } from "./link/pflog.js";
import { decodePktap } from "./link/pktap.js";
import { decodePpi } from "./link/ppi.js";
import { decodeAvs, decodePrism } from "./link/prism.js";
import { serialLineLayer } from "./link/serial-line.js";
import { decodeSll, decodeSll2 } from "./link/sll.js";
import { decodeSunAtm } from "./link/sun-atm.js";
import { decodeFddi, decodeTokenRing } from "./link/token-ring.js";
import { LinkType } from "./link-type.js";
import { NO_CONVERSATION, type Packet } from "./packet.js";
import { resetNetwork } from "./reset-network.js";
import { walkLayers } from "./walk-layers.js";

/** What {@link decodeLink} returns for a link type that is not known. */
const UNKNOWN = -2;
const ETHERNET = LinkType.Ethernet;

/**
 * Fills what the link, network and transport layers state about `packet`, whose frame bounds, original length, time, numbers and
 * stripped tag are set already; tunnels are followed to the innermost packet. A layer that is cut or lies ends the walk; what was found
 * before it stays. False for a link type that is not known: then `start` and `end` are the whole frame.
 */
export function decodeLayers(packet: Packet, linkType: number): boolean {
  resetLayers(packet);
  const { bytes } = packet;
  const start = packet.frameStart;
  const end = packet.frameEnd;
  const layer =
    linkType === ETHERNET ? decodeEthernet(packet, bytes, start, end) : decodeLink(packet, bytes, start, end, linkType);
  if (layer === UNKNOWN) return false;
  walkLayers(packet, bytes, layer);
  return true;
}

/** Decodes the link layer and returns the layer inside it, or {@link UNKNOWN}. */
function decodeLink(packet: Packet, bytes: Uint8Array, start: number, end: number, linkType: number): number {
  switch (linkType) {
    case LinkType.Ethernet:
      return decodeEthernet(packet, bytes, start, end);
    case LinkType.Raw:
    case LinkType.RawBsd:
    case LinkType.RawOpenBsd:
    case LinkType.Ipv4:
    case LinkType.Ipv6:
      return Layer.Ip;
    case LinkType.Sll:
      return decodeSll(packet, bytes, start, end);
    case LinkType.Sll2:
      return decodeSll2(packet, bytes, start, end);
    case LinkType.Null:
    case LinkType.Loop:
      return decodeBsdLoopback(packet, bytes, start, end);
    case LinkType.Ieee80211Radiotap:
      return Layer.Radiotap;
    case LinkType.Ieee80211:
      return Layer.Ieee80211;
    case LinkType.Ieee80211Prism:
      return decodePrism(packet, bytes, start, end);
    case LinkType.Ieee80211Avs:
      return decodeAvs(packet, bytes, start, end);
    case LinkType.Ppp:
    case LinkType.PppHdlc:
      return serialLineLayer(bytes, start, end);
    case LinkType.PppWithDirection:
      return decodeAfterHeader(packet, start, end, 1, Layer.Ppp);
    case LinkType.PppEther:
      return EtherType.PppoeSession;
    case LinkType.CiscoHdlc:
      return Layer.CiscoHdlc;
    case LinkType.CiscoHdlcWithDirection:
      return decodeAfterHeader(packet, start, end, 1, Layer.CiscoHdlc);
    case LinkType.FrameRelay:
      return Layer.FrameRelay;
    case LinkType.FrameRelayWithDirection:
      return decodeAfterHeader(packet, start, end, 1, Layer.FrameRelay);
    case LinkType.Mpls:
      return EtherType.Mpls;
    case LinkType.Nflog:
      return decodeNflog(packet, bytes, start, end);
    case LinkType.Pflog:
      return decodePflog(packet, bytes, start, end);
    case LinkType.Pktap:
      return decodeNamedLinkType(packet, bytes, end, decodePktap(packet, bytes, start, end));
    case LinkType.Ppi:
      return decodeNamedLinkType(packet, bytes, end, decodePpi(packet, bytes, start, end));
    case LinkType.Enc:
      return decodeAfterHeader(packet, start, end, 12, Layer.Ip);
    case LinkType.IpNet:
      return decodeAfterHeader(packet, start, end, 24, Layer.Ip);
    case LinkType.IpOverInfiniband:
      return decodeTypedHeader(packet, bytes, start, end, 44, 40);
    case LinkType.AppleIpOverFirewire:
      return decodeTypedHeader(packet, bytes, start, end, 18, 16);
    case LinkType.IpOverFibreChannel:
      return decodeAfterHeader(packet, start, end, 16, Layer.Llc);
    case LinkType.Dsa:
      return decodeDsa(packet, bytes, start, end, 0);
    case LinkType.Edsa:
      return decodeDsa(packet, bytes, start, end, 4);
    case LinkType.BroadcomTag:
      return decodeTypedHeader(packet, bytes, start, end, 18, 16);
    case LinkType.BroadcomTagPrepended:
      return decodeAfterHeader(packet, start, end, 4, Layer.Ethernet);
    case LinkType.TokenRing:
      return decodeTokenRing(packet, bytes, start, end);
    case LinkType.Fddi:
      return decodeFddi(packet, bytes, start, end);
    case LinkType.AtmRfc1483:
    case LinkType.AtmRfc1483Dlt:
      return Layer.AtmLlc;
    case LinkType.SunAtm:
      return decodeSunAtm(packet, bytes, start, end);
    default:
      return UNKNOWN;
  }
}

/** Decodes the frame after a header that names its link type; a frame of one that is not known is payload. */
function decodeNamedLinkType(packet: Packet, bytes: Uint8Array, end: number, linkType: number): number {
  if (linkType === LinkType.Pktap || linkType === LinkType.Ppi) return Layer.End;
  const layer = decodeLink(packet, bytes, packet.start, Math.min(end, packet.end), linkType);
  return layer === UNKNOWN ? Layer.End : layer;
}

function resetLayers(packet: Packet): void {
  resetNetwork(packet, packet.frameStart, packet.frameEnd);
  packet.vlanId = packet.strippedVlanTag & 0xfff;
  packet.innerVlanId = 0;
  packet.vlanTags = packet.strippedVlanTag === 0 ? 0 : 1;
  const capturedBytes = packet.frameEnd - packet.frameStart;
  packet.payloadLengthBytes = Math.max(capturedBytes, packet.originalLengthBytes);
  packet.tcpFlags = 0;
  packet.tcpSequence = 0;
  packet.tcpAcknowledgement = 0;
  packet.tcpWindow = 0;
  packet.isLinkGroup = false;
  packet.isDuplicate = false;
  packet.isFragment = false;
  packet.fragmentOffset = 0;
  packet.hasMoreFragments = false;
  packet.isTruncated = capturedBytes < packet.originalLengthBytes;
  packet.tunnels.clear();
  packet.conversation = NO_CONVERSATION;
  packet.application = 0;
}
