import { Kind } from "../../generated/icmp/icmp_enums.js";
import type { IcmpRecord } from "../../generated/icmp/record.js";
import { type Packet, uint16 } from "../../runtime/plugin/index.js";
import { Icmpv6Type } from "./icmp-types.js";

const ADDRESS_BYTES = 16;
/** A message of version 1 (RFC 2710, section 3). */
const VERSION_1_BYTES = 24;
/** A query of version 2 without sources (RFC 3810, section 5.1). */
const VERSION_2_QUERY_BYTES = 28;
const REPORT_HEADER_BYTES = 8;
/** Record type, auxiliary data length, number of sources, address (RFC 3810, section 5.2). */
const RECORD_BYTES = 4 + ADDRESS_BYTES;

/** Fewest bytes of a message of this type. */
export function listenerMessageBytes(type: number): number {
  return type === Icmpv6Type.VERSION_2_MULTICAST_LISTENER_REPORT ? REPORT_HEADER_BYTES : VERSION_1_BYTES;
}

/** Reads a query, a report of either version, or a done; false if a report's records are incomplete. */
export function readListenerMessage(record: IcmpRecord, { bytes, start, end }: Readonly<Packet>): boolean {
  if (record.type === Icmpv6Type.VERSION_2_MULTICAST_LISTENER_REPORT) return readRecords(record, bytes, start, end);
  record.multicastAddresses.push(bytes, start + 8, start + VERSION_1_BYTES);
  if (record.kind === Kind.MULTICAST_QUERY) {
    const code = uint16(bytes, start + 4);
    const isVersion2 = end - start >= VERSION_2_QUERY_BYTES;
    record.maximumResponseDelay = (isVersion2 ? delayOf(code) : code) * 1e6;
  }
  return true;
}

function readRecords(record: IcmpRecord, bytes: Uint8Array, start: number, end: number): boolean {
  const count = uint16(bytes, start + 6);
  let at = start + REPORT_HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    if (end - at < RECORD_BYTES) return false;
    const sources = uint16(bytes, at + 2);
    const next = at + RECORD_BYTES + sources * ADDRESS_BYTES + (bytes[at + 1]! << 2);
    if (next > end) return false;
    record.multicastAddresses.push(bytes, at + 4, at + RECORD_BYTES);
    record.multicastRecordTypes.push(bytes[at]!);
    record.multicastSourceCounts.push(sources);
    at = next;
  }
  return true;
}

/** Milliseconds of a maximum response code (RFC 3810, section 5.1.3): from 32768 on a floating-point number. */
function delayOf(code: number): number {
  if (code < 0x8000) return code;
  return ((code & 0x0fff) | 0x1000) << (((code >> 12) & 7) + 3);
}
