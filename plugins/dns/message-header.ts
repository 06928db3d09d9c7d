import { Opcode, Service } from "../../generated/dns/dns_enums.js";
import type { DnsRecord } from "../../generated/dns/record.js";
import { uint16 } from "../../runtime/plugin/index.js";

/**
 * Bytes of a message's header (RFC 1035, section 4.1.1; RFC 4035, section 3.1.6 and 3.2; LLMNR: RFC 4795, section 2.1.1).
 *
 * ```
 *   ┌────┬──┬────────┬──┬──┬──┬──┬─┬──┬──┬───────┬───────────┬─────────┬───────────┬────────────┐
 *   │ id │QR│ opcode │AA│TC│RD│RA│Z│AD│CD│ RCODE │ questions │ answers │ authority │ additional │
 *   └────┴──┴────────┴──┴──┴──┴──┴─┴──┴──┴───────┴───────────┴─────────┴───────────┴────────────┘
 *     16  1     4     C  1  T  1  1 1  1     4        16          16         16          16   bits
 * ```
 */
export const HEADER_BYTES = 12;

const AA = 0x0400;
const CONFLICT = 0x0400;
const TC = 0x0200;
const RD = 0x0100;
const TENTATIVE = 0x0100;
const RA = 0x0080;
const Z = 0x0040;
const AD = 0x0020;
const CD = 0x0010;

/** Fewest bytes of a question and of a record: the root as name and what follows. */
const MIN_QUESTION_BYTES = 5;
const MIN_RECORD_BYTES = 11;

/** Whether the header at `start` is of a response. */
export function isResponse(bytes: Uint8Array, start: number): boolean {
  return bytes[start + 2]! >= 0x80;
}

/**
 * False for what is not a DNS message: an operation that does not exist or the reserved bit set, and more entries than
 * `lengthBytes` can hold.
 */
export function isPlausible(bytes: Uint8Array, start: number, lengthBytes: number): boolean {
  const flags = uint16(bytes, start + 2);
  const opcode = (flags >> 11) & 15;
  return (opcode <= Opcode.DSO && opcode !== 3 && (flags & Z) === 0) || canHoldEntries(bytes, start, lengthBytes, 0);
}

/** Whether `lengthBytes` have room for the entries that the header counts, but for the first `omitted` questions. */
export function canHoldEntries(bytes: Uint8Array, start: number, lengthBytes: number, omitted: number): boolean {
  const records = uint16(bytes, start + 6) + uint16(bytes, start + 8) + uint16(bytes, start + 10);
  return (
    HEADER_BYTES + (uint16(bytes, start + 4) - omitted) * MIN_QUESTION_BYTES + records * MIN_RECORD_BYTES <= lengthBytes
  );
}

/** What a query reports about itself, also read from a response whose query is not known. */
export function readQueryHeader(record: DnsRecord, bytes: Uint8Array, start: number, service: number): void {
  const flags = uint16(bytes, start + 2);
  record.service = service;
  record.transactionId = uint16(bytes, start);
  record.opcode = (flags >> 11) & 15;
  record.questionCount = uint16(bytes, start + 4);
  if (service === Service.LLMNR) {
    record.conflict = (flags & CONFLICT) !== 0;
    return;
  }
  record.recursionDesired = (flags & RD) !== 0;
  record.checkingDisabled = (flags & CD) !== 0;
  if (flags < 0x8000) record.authenticDataDesired = (flags & AD) !== 0;
}

/** Values that only a response has. */
export function readResponseHeader(record: DnsRecord, bytes: Uint8Array, start: number): void {
  const flags = uint16(bytes, start + 2);
  record.rcode = flags & 15;
  record.truncatedResponse = (flags & TC) !== 0;
  if (record.service === Service.LLMNR) {
    record.conflict = (flags & CONFLICT) !== 0;
    record.tentative = (flags & TENTATIVE) !== 0;
    return;
  }
  record.authoritative = (flags & AA) !== 0;
  record.recursionAvailable = (flags & RA) !== 0;
  record.authenticData = (flags & AD) !== 0;
}

/** How many records each section has. */
export function readRecordCounts(record: DnsRecord, bytes: Uint8Array, start: number): void {
  record.answerCount = uint16(bytes, start + 6);
  record.authorityCount = uint16(bytes, start + 8);
  record.additionalCount = uint16(bytes, start + 10);
}
