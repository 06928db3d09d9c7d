import { Kind } from "../../generated/icmp/icmp_enums.js";
import type { IcmpRecord } from "../../generated/icmp/record.js";
import { type Packet, uint16, uint32 } from "../../runtime/plugin/index.js";
import { findUnannouncedExtensions, readExtensions } from "./extensions.js";
import { readQuotedPacket } from "./quoted-packet.js";

/** Type, code, checksum and four bytes whose meaning depends on the type. */
const HEADER_BYTES = 8;
/** Code of a destination unreachable message: fragmentation needed and DF set (RFC 792). */
const FRAGMENTATION_NEEDED = 4;

/**
 * Reads an error (RFC 792, RFC 4443) or an IPv4 redirect; false if its extensions break their format.
 *
 * ```
 *   ┌──────┬──────┬──────────┬──────────────────┬───────────────┬────────────┐
 *   │ type │ code │ checksum │ MTU, pointer,    │ quoted packet │ extensions │   the quoted packet's length is in the
 *   │      │      │          │ gateway, length  │               │ (RFC 4884) │   fourth field where extensions follow
 *   └──────┴──────┴──────────┴──────────────────┴───────────────┴────────────┘
 *      1      1        2              4
 * ```
 */
export function readError(record: IcmpRecord, packet: Readonly<Packet>): boolean {
  const { bytes, start, end, ipVersion } = packet;
  const quote = start + HEADER_BYTES;
  if (ipVersion === 4) {
    if (record.kind === Kind.REDIRECT) record.gateway.set(bytes, start + 4, start + 8);
    else if (record.kind === Kind.PARAMETER_PROBLEM) record.pointer = bytes[start + 4]!;
    else if (record.kind === Kind.DESTINATION_UNREACHABLE && record.code === FRAGMENTATION_NEEDED)
      record.mtu = uint16(bytes, start + 6);
  } else if (record.kind === Kind.PACKET_TOO_BIG) record.mtu = uint32(bytes, start + 4);
  else if (record.kind === Kind.PARAMETER_PROBLEM) record.pointer = uint32(bytes, start + 4);

  if (!mayBeExtended(record.kind, ipVersion)) {
    readQuotedPacket(record, bytes, quote, end);
    return true;
  }
  const lengthBytes = ipVersion === 4 ? bytes[start + 5]! << 2 : bytes[start + 4]! << 3;
  if (lengthBytes > 0) record.quotedLength = lengthBytes;
  const extensions = lengthBytes > 0 ? quote + lengthBytes : findUnannouncedExtensions(bytes, quote, end);
  const hasExtensions = extensions !== -1 && extensions < end;
  readQuotedPacket(record, bytes, quote, hasExtensions ? extensions : end);
  return !hasExtensions || readExtensions(record, bytes, extensions, end);
}

/** RFC 4884, section 4: a parameter problem of ICMPv6 is not extended, since its pointer fills the fourth field. */
function mayBeExtended(kind: number, ipVersion: number): boolean {
  if (kind === Kind.DESTINATION_UNREACHABLE || kind === Kind.TIME_EXCEEDED) return true;
  return kind === Kind.PARAMETER_PROBLEM && ipVersion === 4;
}
