import { decodeIpPayload } from "./ip-payload.js";
import { IpProtocol } from "./ip-protocol.js";
import type { Packet } from "./packet.js";

const HEADER_BYTES = 40;

/** A chain of extension headers longer than this is an attack, not traffic. */
const MOST_EXTENSION_HEADERS = 32;

/**
 * IPv6 with hop-by-hop, routing, destination, fragment and authentication headers (RFC 8200). A payload length of 0, as jumbograms (RFC 2675) and
 * segmentation offload leave it, takes the captured end.
 */
export function decodeIpv6(packet: Packet, bytes: Uint8Array, start: number, end: number): void {
  if (end - start < HEADER_BYTES || bytes[start]! >> 4 !== 6) return;
  let payloadBytes = (bytes[start + 4]! << 8) | bytes[start + 5]!;
  if (payloadBytes === 0) payloadBytes = Math.max(0, packet.payloadLengthBytes - HEADER_BYTES);
  let at = start + HEADER_BYTES;
  const networkEnd = payloadBytes < end - at ? at + payloadBytes : end;
  packet.ipVersion = 6;
  packet.addressLength = 16;
  packet.networkStart = start;
  packet.networkEnd = networkEnd;
  packet.srcAddressStart = start + 8;
  packet.dstAddressStart = start + 24;
  packet.end = networkEnd;

  let protocol = bytes[start + 6]!;
  for (let headers = 0; headers < MOST_EXTENSION_HEADERS && isExtension(protocol); headers++) {
    if (networkEnd - at < 8) break;
    const isFragmentHeader = protocol === IpProtocol.Ipv6Fragment;
    const lengthBytes = extensionLength(protocol, bytes[at + 1]!);
    if (networkEnd - at < lengthBytes) break;
    if (isFragmentHeader) decodeFragmentHeader(packet, bytes, at);
    protocol = bytes[at]!;
    at += lengthBytes;
    payloadBytes -= lengthBytes;
    if (packet.fragmentOffset !== 0) break;
  }
  packet.start = at;
  packet.transportStart = at;
  packet.payloadLengthBytes = payloadBytes;
  if (packet.fragmentOffset !== 0) packet.ipProtocol = protocol;
  else decodeIpPayload(packet, bytes, at, networkEnd, protocol);
}

function isExtension(protocol: number): boolean {
  return (
    protocol === IpProtocol.Ipv6HopByHop ||
    protocol === IpProtocol.Ipv6Routing ||
    protocol === IpProtocol.Ipv6Fragment ||
    protocol === IpProtocol.Ipv6Destination ||
    protocol === IpProtocol.AuthenticationHeader
  );
}

/** Length in bytes: fragment headers are fixed, authentication headers count in 4 bytes less 2, the others in 8 bytes less 1. */
function extensionLength(protocol: number, lengthField: number): number {
  if (protocol === IpProtocol.Ipv6Fragment) return 8;
  if (protocol === IpProtocol.AuthenticationHeader) return (lengthField + 2) << 2;
  return (lengthField + 1) << 3;
}

/** RFC 8200, section 4.5; a fragment header on a whole packet (offset 0 and no more fragments) does not make it a fragment. */
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
