import { IpProtocol } from "./ip-protocol.js";
import { jumboPayloadBytes } from "./ipv6-jumbogram.js";
import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

const HEADER_BYTES = 40;
const END = Layer.End;

/** Longest chain of extension headers that is followed; longer ones occur only in attacks. */
const MAX_EXTENSION_HEADERS = 32;

/** Protocol numbers of the extension headers. */
export const IPV6_EXTENSIONS: readonly number[] = [
  IpProtocol.Ipv6HopByHop,
  IpProtocol.Ipv6Routing,
  IpProtocol.Ipv6Fragment,
  IpProtocol.Ah,
  IpProtocol.Ipv6Destination,
  IpProtocol.Mobility,
  IpProtocol.HostIdentity,
  IpProtocol.Shim6,
];

/** 1 for each of {@link IPV6_EXTENSIONS}. */
const EXTENSIONS = new Uint8Array(256);
for (const protocol of IPV6_EXTENSIONS) EXTENSIONS[protocol] = 1;

/**
 * IPv6 with its extension headers (RFC 8200, section 3; RFC 4302, 6275, 7401 and 5533 for authentication, mobility, host identity and
 * Shim6); returns the protocol that follows. A payload length of 0 is that of a jumbo payload (RFC 2675) if there is such an option;
 * otherwise, as segmentation offload leaves it, the packet ends at the captured end.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Version| Traffic Class |               Flow Label              |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Payload Length        |  Next Header  |   Hop Limit   |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                                                               |
 *   +                                                               +
 *   |                                                               |
 *   +                         Source Address                        +
 *   |                                                               |
 *   +                                                               +
 *   |                                                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                                                               |
 *   +                                                               +
 *   |                                                               |
 *   +                      Destination Address                      +
 *   |                                                               |
 *   +                                                               +
 *   |                                                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeIpv6(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES || bytes[start]! >> 4 !== 6) return END;
  let protocol = bytes[start + 6]!;
  let payloadBytes = (bytes[start + 4]! << 8) | bytes[start + 5]!;
  let at = start + HEADER_BYTES;
  if (payloadBytes === 0) {
    if (protocol === IpProtocol.Ipv6HopByHop) payloadBytes = jumboPayloadBytes(bytes, at, end);
    if (payloadBytes === 0) payloadBytes = Math.max(0, packet.payloadLengthBytes - HEADER_BYTES);
  }
  const networkEnd = payloadBytes < end - at ? at + payloadBytes : end;
  packet.ipVersion = 6;
  packet.addressLength = 16;
  packet.networkStart = start;
  packet.networkEnd = networkEnd;
  packet.srcAddressStart = start + 8;
  packet.dstAddressStart = start + 24;
  packet.end = networkEnd;

  for (let headers = 0; headers < MAX_EXTENSION_HEADERS && EXTENSIONS[protocol] === 1; headers++) {
    if (networkEnd - at < 8) break;
    const next = bytes[at]!;
    if (next === IpProtocol.Ipv6NoNextHeader && isMessage(protocol)) break;
    const lengthBytes = extensionLength(protocol, bytes[at + 1]!);
    if (networkEnd - at < lengthBytes) break;
    if (protocol === IpProtocol.Ipv6Fragment) decodeFragmentHeader(packet, bytes, at);
    protocol = next;
    at += lengthBytes;
    payloadBytes -= lengthBytes;
    if (packet.fragmentOffset !== 0) break;
  }
  packet.ipProtocol = protocol;
  packet.start = at;
  packet.transportStart = at;
  packet.payloadLengthBytes = payloadBytes;
  return packet.fragmentOffset !== 0 || EXTENSIONS[protocol] === 1 ? END : protocol;
}

/** Extension headers that are messages themselves if no other header follows. */
function isMessage(protocol: number): boolean {
  return protocol === IpProtocol.Mobility || protocol === IpProtocol.HostIdentity || protocol === IpProtocol.Shim6;
}

/** Length in bytes: fragment headers are fixed, authentication headers count units of 4 bytes minus 2, the others units of 8 bytes minus 1. */
function extensionLength(protocol: number, lengthField: number): number {
  if (protocol === IpProtocol.Ipv6Fragment) return 8;
  if (protocol === IpProtocol.Ah) return (lengthField + 2) << 2;
  return (lengthField + 1) << 3;
}

/**
 * Fragment header (RFC 8200, section 4.5). On a whole packet (offset 0 and no more fragments) it does not make the packet a fragment.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Next Header  |    Reserved   |     Fragment Offset     |Res|M|
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                         Identification                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
function decodeFragmentHeader(packet: Packet, bytes: Uint8Array, start: number): void {
  const fragment = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  packet.fragmentOffset = fragment & 0xfff8;
  packet.hasMoreFragments = (fragment & 1) !== 0;
  packet.isFragment = packet.fragmentOffset !== 0 || packet.hasMoreFragments;
  packet.fragmentIdentification =
    ((bytes[start + 4]! << 24) | (bytes[start + 5]! << 16) | (bytes[start + 6]! << 8) | bytes[start + 7]!) >>> 0;
  packet.fragmentStart = start + 8;
  packet.fragmentProtocol = bytes[start]!;
}
