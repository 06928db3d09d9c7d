import { IpProtocol } from "./ip-protocol.js";
import type { Packet } from "./packet.js";

const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const IPV6_ADDRESS_BYTES = 16;

const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;
const LOOSE_SOURCE_ROUTE = 131;
const STRICT_SOURCE_ROUTE = 137;

const SEGMENT_ROUTING = 4;
const HOME_ADDRESS = 0xc9;

/**
 * Position in `packet.bytes` of the destination of the pseudo header: the last address of a source route that is not completed (RFC 791,
 * section 3.1; RFC 8200, section 8.1; RFC 8754), otherwise the packet's destination.
 */
export function pseudoHeaderDestination(packet: Readonly<Packet>): number {
  const routed = packet.ipVersion === 4 ? routedByOption(packet) : routedByHeader(packet);
  return routed < 0 ? packet.dstAddressStart : routed;
}

/** Position of the source of the pseudo header: a mobile node's home address (RFC 6275, section 6.3), otherwise the packet's source. */
export function pseudoHeaderSource(packet: Readonly<Packet>): number {
  if (packet.ipVersion === 4) return packet.srcAddressStart;
  const header = findExtension(packet, IpProtocol.Ipv6Destination);
  if (header < 0) return packet.srcAddressStart;
  const { bytes } = packet;
  const end = Math.min(header + ((bytes[header + 1]! + 1) << 3), packet.transportStart);
  for (let at = header + 2; end - at >= 2; at += bytes[at] === 0 ? 1 : 2 + bytes[at + 1]!) {
    if (bytes[at] === HOME_ADDRESS && bytes[at + 1] === IPV6_ADDRESS_BYTES && end - at >= 2 + IPV6_ADDRESS_BYTES) {
      return at + 2;
    }
  }
  return packet.srcAddressStart;
}

function routedByOption(packet: Readonly<Packet>): number {
  const { bytes, networkStart } = packet;
  const end = Math.min(networkStart + ((bytes[networkStart]! & 15) << 2), packet.networkEnd);
  let at = networkStart + IPV4_HEADER_BYTES;
  while (end - at >= 3 && bytes[at] !== END_OF_OPTIONS) {
    if (bytes[at] === NO_OPERATION) {
      at++;
      continue;
    }
    const lengthBytes = bytes[at + 1]!;
    if (lengthBytes < 2 || lengthBytes > end - at) return -1;
    const isRoute = bytes[at] === LOOSE_SOURCE_ROUTE || bytes[at] === STRICT_SOURCE_ROUTE;
    // The pointer, which counts from 1, is beyond the option when the route is completed.
    if (isRoute && lengthBytes >= 7 && bytes[at + 2]! <= lengthBytes) return at + lengthBytes - 4;
    at += lengthBytes;
  }
  return -1;
}

function routedByHeader(packet: Readonly<Packet>): number {
  const header = findExtension(packet, IpProtocol.Ipv6Routing);
  if (header < 0) return -1;
  const { bytes } = packet;
  const addresses = bytes[header + 1]! >> 1;
  const segmentsLeft = bytes[header + 3]!;
  if (segmentsLeft === 0 || addresses === 0) return -1;
  const first = header + 8;
  // Segment routing lists its segments in reverse order.
  return bytes[header + 2] === SEGMENT_ROUTING ? first : first + (addresses - 1) * IPV6_ADDRESS_BYTES;
}

/** Start of the first extension header of a kind before the transport header, or -1. The layers have checked the lengths. */
function findExtension(packet: Readonly<Packet>, kind: number): number {
  const { bytes, networkStart, transportStart } = packet;
  let protocol = bytes[networkStart + 6]!;
  let at = networkStart + IPV6_HEADER_BYTES;
  while (transportStart - at >= 8) {
    if (protocol === kind) return at;
    const lengthField = bytes[at + 1]!;
    let lengthBytes = (lengthField + 1) << 3;
    if (protocol === IpProtocol.Ipv6Fragment) lengthBytes = 8;
    else if (protocol === IpProtocol.Ah) lengthBytes = (lengthField + 2) << 2;
    protocol = bytes[at]!;
    at += lengthBytes;
  }
  return -1;
}
