import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

/** Ethernet types that the layers decode (https://www.iana.org/assignments/ieee-802-numbers). */
export const EtherType = {
  Ipv4: 0x0800,
  Arp: 0x0806,
  /** ERSPAN, type III. */
  ErspanThree: 0x22eb,
  Trill: 0x22f3,
  TransparentBridging: 0x6558,
  Vlan: 0x8100,
  Ipv6: 0x86dd,
  Ppp: 0x880b,
  Wccp: 0x883e,
  Mpls: 0x8847,
  MplsMulticast: 0x8848,
  PppoeSession: 0x8864,
  JumboLlc: 0x8870,
  ProviderVlan: 0x88a8,
  /** ERSPAN, types I and II. */
  Erspan: 0x88be,
  Macsec: 0x88e5,
  Pbb: 0x88e7,
  FabricPath: 0x8903,
  CiscoMetadata: 0x8909,
  VnTag: 0x8926,
  /** The tag of High-availability Seamless Redundancy (IEC 62439-3). */
  Hsr: 0x892f,
  /** The tag of bridge port extension (IEEE 802.1BR). */
  ETag: 0x893f,
  Nsh: 0x894f,
  OldStackedVlan: 0x9100,
  OldStackedVlanTwo: 0x9200,
  OldStackedVlanThree: 0x9300,
  Arista: 0xd28b,
} as const;

const VLAN = EtherType.Vlan;
const PROVIDER_VLAN = EtherType.ProviderVlan;
const OLD_STACKED_VLAN = EtherType.OldStackedVlan;
const OLD_STACKED_VLAN_TWO = EtherType.OldStackedVlanTwo;
const OLD_STACKED_VLAN_THREE = EtherType.OldStackedVlanThree;

/** A VLAN tag's identifier and the Ethernet type after it. */
const TAG_BYTES = 4;
const FIRST_ETHER_TYPE = 0x0600;
const MAX_802_3_BYTES = 1500;

/**
 * Skips the VLAN tags that follow an Ethernet type (IEEE 802.1Q, 9.6; 802.1ad, and the older 0x9100 to 0x9300), and returns the
 * Ethernet type after them. A length in the place of a type is that of the following LLC frame. After its own Ethernet type, a tag is:
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   | PCP |D|    VLAN Identifier    |         Ethernet type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * D is the drop eligible indicator.
 */
export function decodeEtherType(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  etherType: number,
): number {
  let at = start;
  let type = etherType;
  while (isWholeVlanTag(type, at, end)) {
    const id = ((bytes[at]! << 8) | bytes[at + 1]!) & 0xfff;
    if (packet.vlanTags === 0) packet.vlanId = id;
    else if (packet.vlanTags === 1) packet.innerVlanId = id;
    packet.vlanTags++;
    type = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    at += TAG_BYTES;
    packet.payloadLengthBytes -= TAG_BYTES;
  }
  packet.start = at;
  packet.networkStart = at;
  if (!isEtherType(type)) {
    if (type > MAX_802_3_BYTES) return Layer.End;
    packet.payloadLengthBytes = type;
    if (type < end - at) packet.end = at + type;
    packet.networkEnd = packet.end;
    return Layer.Llc;
  }
  packet.etherType = type;
  return type;
}

/** Whether a type is that of a VLAN tag. */
export function isVlanTag(type: number): boolean {
  return (
    type === VLAN ||
    type === PROVIDER_VLAN ||
    type === OLD_STACKED_VLAN ||
    type === OLD_STACKED_VLAN_TWO ||
    type === OLD_STACKED_VLAN_THREE
  );
}

/** False for numbers below all Ethernet types: the length of an IEEE 802.3 frame, or an unassigned number (IEEE 802.3, 3.2.6). */
export function isEtherType(type: number): boolean {
  return type >= FIRST_ETHER_TYPE;
}

/** Whether the tag that `type` announces was captured completely. */
export function isWholeVlanTag(type: number, start: number, end: number): boolean {
  return end - start >= TAG_BYTES && isVlanTag(type);
}
