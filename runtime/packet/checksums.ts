import { crc32c } from "./crc32c.js";
import { IpProtocol } from "./ip-protocol.js";
import { jumboPayloadBytes } from "./ipv6-jumbogram.js";
import type { Packet } from "./packet.js";
import { pseudoHeaderDestination, pseudoHeaderSource } from "./pseudo-header.js";

/** Result of a checksum verification, numbered as in Wireshark's `…checksum.status`. */
export const ChecksumStatus = {
  Bad: 0,
  Good: 1,
  /** The covered bytes were not captured completely, or are a fragment. */
  Unverifiable: 2,
  /** There is no checksum: IPv6, an unknown protocol, or a datagram whose sender omitted it. */
  Absent: 3,
} as const;
/** A status of {@link ChecksumStatus}. */
export type ChecksumStatus = (typeof ChecksumStatus)[keyof typeof ChecksumStatus];

const IPV6_HEADER_BYTES = 40;
const CRC_OFFSET = 8;

/**
 * Verifies the checksums of the innermost packet, after `decodeLayers`. Returns `Bad` if one is wrong, else `Unverifiable` if one cannot be
 * verified. Packets captured on the sending host often have wrong checksums, which its network card fills in later.
 */
export function verifyChecksums(packet: Readonly<Packet>): ChecksumStatus {
  const network = verifyNetworkChecksum(packet);
  const transport = verifyTransportChecksum(packet);
  const { Bad, Good, Unverifiable, Absent } = ChecksumStatus;
  for (const status of [Bad, Unverifiable, Good]) if (network === status || transport === status) return status;
  return Absent;
}

/** Verifies the checksum of the IPv4 header (RFC 791, section 3.1). */
export function verifyNetworkChecksum(packet: Readonly<Packet>): ChecksumStatus {
  if (packet.ipVersion !== 4) return ChecksumStatus.Absent;
  const { bytes, networkStart } = packet;
  const headerEnd = networkStart + ((bytes[networkStart]! & 15) << 2);
  if (headerEnd > packet.networkEnd) return ChecksumStatus.Unverifiable;
  return statusOf(addWords(bytes, networkStart, headerEnd, 0));
}

/** Verifies the checksum of TCP, UDP, ICMP, ICMPv6 or SCTP. */
export function verifyTransportChecksum(packet: Readonly<Packet>): ChecksumStatus {
  const { ipProtocol: protocol, transportStart: start, networkEnd: end, bytes } = packet;
  const shortestBytes = MIN_BYTES[protocol];
  if (packet.ipVersion === 0 || shortestBytes === undefined) return ChecksumStatus.Absent;
  if (packet.fragmentOffset !== 0 || end - start < shortestBytes) return ChecksumStatus.Unverifiable;
  if (protocol === IpProtocol.Udp && bytes[start + 6] === 0 && bytes[start + 7] === 0) {
    // Over IPv6 the checksum is mandatory (RFC 8200, section 8.1).
    return packet.ipVersion === 4 ? ChecksumStatus.Absent : ChecksumStatus.Bad;
  }
  if (packet.isFragment || isCut(packet)) return ChecksumStatus.Unverifiable;
  switch (protocol) {
    case IpProtocol.Icmp:
      return statusOf(addWords(bytes, start, end, 0));
    case IpProtocol.Sctp:
      return sctpStatus(bytes, start, end);
    case IpProtocol.Udp:
      return udpStatus(packet, start, end);
    default:
      return statusOf(addWords(bytes, start, end, pseudoHeader(packet, end - start)));
  }
}

/** Minimum length of each transport header that includes its checksum. */
const MIN_BYTES: Partial<Record<number, number>> = {
  [IpProtocol.Icmp]: 4,
  [IpProtocol.Tcp]: 20,
  [IpProtocol.Udp]: 8,
  [IpProtocol.Icmpv6]: 4,
  [IpProtocol.Sctp]: 12,
};

/** Whether fewer bytes of the IP packet were captured than its header states. */
function isCut(packet: Readonly<Packet>): boolean {
  const { bytes, networkStart, networkEnd } = packet;
  const at = networkStart + (packet.ipVersion === 4 ? 2 : 4);
  let lengthBytes = (bytes[at]! << 8) | bytes[at + 1]!;
  // Without a length field, the packet ends at its length on the wire.
  if (packet.ipVersion === 6) {
    if (lengthBytes === 0) lengthBytes = jumboPayloadBytes(bytes, networkStart + IPV6_HEADER_BYTES, networkEnd);
    if (lengthBytes !== 0) lengthBytes += IPV6_HEADER_BYTES;
  }
  return lengthBytes === 0 ? packet.isTruncated : networkEnd - networkStart < lengthBytes;
}

function udpStatus(packet: Readonly<Packet>, start: number, end: number): ChecksumStatus {
  const { bytes } = packet;
  const lengthBytes = (bytes[start + 4]! << 8) | bytes[start + 5]!;
  const isLong = lengthBytes === 0 && packet.ipVersion === 6;
  if (!isLong && (lengthBytes < 8 || lengthBytes > end - start)) return ChecksumStatus.Unverifiable;
  const coveredBytes = isLong ? end - start : lengthBytes;
  return statusOf(addWords(bytes, start, start + coveredBytes, pseudoHeader(packet, coveredBytes)));
}

/** RFC 9260, section 6.8: computed over the packet with zeros in place of the checksum, which is sent least significant byte first. */
function sctpStatus(bytes: Uint8Array, start: number, end: number): ChecksumStatus {
  const at = start + CRC_OFFSET;
  const sent = ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0;
  const header = crc32c(zeros, 0, 4, crc32c(bytes, start, at));
  return crc32c(bytes, at + 4, end, header) === sent ? ChecksumStatus.Good : ChecksumStatus.Bad;
}

const zeros = new Uint8Array(4);

/** Sum of the pseudo header (RFC 9293, section 3.1; RFC 8200, section 8.1). */
function pseudoHeader(packet: Readonly<Packet>, lengthBytes: number): number {
  const { bytes, addressLength } = packet;
  const source = pseudoHeaderSource(packet);
  const destination = pseudoHeaderDestination(packet);
  const sum = (lengthBytes & 0xffff) + (lengthBytes >>> 16) + packet.ipProtocol;
  return addWords(
    bytes,
    destination,
    destination + addressLength,
    addWords(bytes, source, source + addressLength, sum),
  );
}

/** Adds the bytes to `sum` as 16-bit words (RFC 1071); an odd byte at the end is the upper half of a word. */
function addWords(bytes: Uint8Array, start: number, end: number, sum: number): number {
  let total = sum;
  const even = start + ((end - start) & ~1);
  for (let at = start; at < even; at += 2) total += (bytes[at]! << 8) | bytes[at + 1]!;
  return even < end ? total + (bytes[even]! << 8) : total;
}

/** The sum of the words including their checksum is all ones if nothing changed. */
function statusOf(sum: number): ChecksumStatus {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded === 0xffff ? ChecksumStatus.Good : ChecksumStatus.Bad;
}
