import { enterPayload } from "../enter-payload.js";
import { decodeEtherType, EtherType, isEtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

/** Length of an LLC header with its SNAP header: access points 0xaa, control 3, organization, protocol. */
export const SNAP_BYTES = 8;

const LLC_BYTES = 3;
const UNNUMBERED_INFORMATION = 3;
const SNAP_ACCESS_POINT = 0xaa;
const IP_ACCESS_POINT = 0x06;
const OSI_ACCESS_POINT = 0xfe;

/** Organizations whose protocol is an Ethernet type: encapsulated Ethernet (RFC 1042), Cisco's bridging, AppleTalk. */
const ENCAPSULATED_ETHERNET = 0x000000;
const CISCO_BRIDGING = 0x0000f8;
const APPLE_TALK = 0x080007;
/** Organization of bridged frames (RFC 2684, RFC 2427), and its protocols for Ethernet with and without a frame check sequence. */
const BRIDGED = 0x0080c2;
const BRIDGED_ETHERNET = 0x0001;
const BRIDGED_ETHERNET_UNCHECKED = 0x0007;

/**
 * IEEE 802.2 logical link control: SNAP (RFC 1042), the access point of IP (RFC 948), and ISO protocol identifiers (RFC 2684).
 * Organization and protocol are the SNAP header, which follows access points 0xaa.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |      DSAP     |      SSAP     |    Control    |  Organization |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |    Organization (continued)   |            Protocol           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeLlc(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  return decodeAccessPoint(packet, bytes, start, end, Layer.Ethernet);
}

/** {@link decodeLlc} over ATM, where two bytes of padding precede a bridged frame (RFC 2684, section 5.2). */
export function decodeAtmLlc(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  return decodeAccessPoint(packet, bytes, start, end, Layer.PaddedEthernet);
}

/** The five bytes of a SNAP header, organization and protocol; `bridged` is the layer of a bridged Ethernet frame. */
export function decodeSnap(packet: Packet, bytes: Uint8Array, start: number, end: number, bridged: number): number {
  if (end - start < 5) return Layer.End;
  const organization = (bytes[start]! << 16) | (bytes[start + 1]! << 8) | bytes[start + 2]!;
  const protocol = (bytes[start + 3]! << 8) | bytes[start + 4]!;
  if (organization === BRIDGED) {
    if (protocol !== BRIDGED_ETHERNET && protocol !== BRIDGED_ETHERNET_UNCHECKED) return Layer.End;
    enterPayload(packet, start + 5);
    return bridged;
  }
  if (!isEthernetOrganization(organization) || !isEtherType(protocol)) return Layer.End;
  enterPayload(packet, start + 5);
  return decodeEtherType(packet, bytes, start + 5, end, protocol);
}

/** The layer of the network layer protocol identifier (ISO/IEC TR 9577) at `start`, as used in frame relay and ATM. */
export function decodeNlpid(packet: Packet, bytes: Uint8Array, start: number, end: number, bridged: number): number {
  if (end === start) return Layer.End;
  switch (bytes[start]!) {
    case 0xcc:
      enterPayload(packet, start + 1);
      return EtherType.Ipv4;
    case 0x8e:
      enterPayload(packet, start + 1);
      return EtherType.Ipv6;
    case 0xcf:
      enterPayload(packet, start + 1);
      return Layer.Ppp;
    case 0x80:
      return decodeSnap(packet, bytes, start + 1, end, bridged);
    default:
      return Layer.End;
  }
}

/** Ethernet type in the LLC and SNAP headers of {@link SNAP_BYTES} at `start`, 0 for other headers. */
export function snapEtherType(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== SNAP_ACCESS_POINT || bytes[start + 1] !== SNAP_ACCESS_POINT) return 0;
  const organization = (bytes[start + 3]! << 16) | (bytes[start + 4]! << 8) | bytes[start + 5]!;
  return isEthernetOrganization(organization) ? (bytes[start + 6]! << 8) | bytes[start + 7]! : 0;
}

function decodeAccessPoint(packet: Packet, bytes: Uint8Array, start: number, end: number, bridged: number): number {
  if (end - start < LLC_BYTES || bytes[start + 2] !== UNNUMBERED_INFORMATION) return Layer.End;
  switch (bytes[start]!) {
    case SNAP_ACCESS_POINT:
      return bytes[start + 1] === SNAP_ACCESS_POINT
        ? decodeSnap(packet, bytes, start + LLC_BYTES, end, bridged)
        : Layer.End;
    case IP_ACCESS_POINT:
      enterPayload(packet, start + LLC_BYTES);
      return EtherType.Ipv4;
    case OSI_ACCESS_POINT:
      return decodeNlpid(packet, bytes, start + LLC_BYTES, end, bridged);
    default:
      return Layer.End;
  }
}

function isEthernetOrganization(organization: number): boolean {
  return organization === ENCAPSULATED_ETHERNET || organization === CISCO_BRIDGING || organization === APPLE_TALK;
}
