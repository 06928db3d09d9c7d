import { type DnsRecord, RecordType } from "../../generated/dns/record.js";
import { uint16, uint32 } from "../../runtime/wire/big-endian.js";
import { skipName, writeName } from "../../runtime/wire/domain-name.js";
import type { ByteList, NumberList } from "../../runtime/wire/lists.js";
import { readEdns } from "./edns.js";
import { writeRecordData } from "./record-data.js";

/** Type, class, time to live and data length, which stand between name and data. */
const FIXED_BYTES = 10;
/** Top bit of the class in a multicast DNS record: the record replaces what was cached (RFC 6762, section 10.2). */
const CACHE_FLUSH = 0x8000;

/** Lists that run in parallel, an item a record of a section. */
interface RecordLists {
  readonly names: ByteList;
  readonly types: NumberList;
  readonly ttls: NumberList;
  readonly data: ByteList;
}

/**
 * Lists the records of the message `bytes[start, end)`, whose first one stands at `at`, by section, and reads its EDNS record, wherever that
 * stands in the additional section. Returns the position after them, -1 when they are not whole, with those listed that are. `isPaired` for
 * the response of a known query.
 */
export function readRecords(
  record: DnsRecord,
  bytes: Uint8Array,
  at: number,
  start: number,
  end: number,
  isMulticastDns: boolean,
  isResponse: boolean,
  isPaired: boolean,
): number {
  const answers = uint16(bytes, start + 6);
  const authorities = uint16(bytes, start + 8);
  const additional = uint16(bytes, start + 10);
  if (answers > 0) at = readSection(record, answersOf(record), answers, bytes, at, start, end, isMulticastDns);
  if (authorities > 0 && at !== -1)
    at = readSection(record, authoritiesOf(record), authorities, bytes, at, start, end, isMulticastDns);
  let hasEdns = false;
  for (let i = 0; i < additional && at !== -1; i++) {
    if (hasEdns || !isEdns(bytes, at, end)) {
      at = readSection(record, additionalOf(record), 1, bytes, at, start, end, isMulticastDns);
      continue;
    }
    const next = recordEnd(bytes, at + 1, end);
    if (next !== -1) readEdns(record, bytes, at + 1, next, isResponse, isPaired);
    hasEdns = true;
    at = next;
  }
  return at;
}

/** Reads the EDNS record of a response alone; returns the position after all records, -1 when they are not whole. */
export function readEdnsOnly(
  record: DnsRecord,
  bytes: Uint8Array,
  at: number,
  start: number,
  end: number,
  isPaired: boolean,
): number {
  at = skipRecords(uint16(bytes, start + 6) + uint16(bytes, start + 8), bytes, at, end);
  let hasEdns = false;
  for (let i = uint16(bytes, start + 10); i > 0 && at !== -1; i--) {
    const fixed = skipName(bytes, at, end);
    const next = recordEnd(bytes, fixed, end);
    if (next !== -1 && !hasEdns && isEdns(bytes, at, end)) {
      readEdns(record, bytes, fixed, next, true, isPaired);
      hasEdns = true;
    }
    at = next;
  }
  return at;
}

/** Takes out what the record lists of another message. */
export function forgetRecords(record: DnsRecord): void {
  if (record.answerCount === null && record.additionalTypes.length === 0) return;
  for (const { names, types, ttls, data } of [answersOf(record), authoritiesOf(record), additionalOf(record)]) {
    names.reset();
    types.reset();
    ttls.reset();
    data.reset();
  }
}

function answersOf(record: DnsRecord): RecordLists {
  const { answerNames, answerTypes, answerTtls, answerData } = record;
  return { names: answerNames, types: answerTypes, ttls: answerTtls, data: answerData };
}

function authoritiesOf(record: DnsRecord): RecordLists {
  const { authorityNames, authorityTypes, authorityTtls, authorityData } = record;
  return { names: authorityNames, types: authorityTypes, ttls: authorityTtls, data: authorityData };
}

function additionalOf(record: DnsRecord): RecordLists {
  const { additionalNames, additionalTypes, additionalTtls, additionalData } = record;
  return { names: additionalNames, types: additionalTypes, ttls: additionalTtls, data: additionalData };
}

/** True for the root's name and the type of an EDNS record. */
function isEdns(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 2 < end && bytes[at] === 0 && uint16(bytes, at + 1) === RecordType.OPT;
}

/** Lists `count` records; returns the position after them, -1 when they are not whole, with those listed that are. */
function readSection(
  record: DnsRecord,
  { names, types, ttls, data }: RecordLists,
  count: number,
  bytes: Uint8Array,
  at: number,
  start: number,
  end: number,
  isMulticastDns: boolean,
): number {
  for (let i = 0; i < count; i++) {
    if (types.length === types.maxItems) {
      types.overflowed = true;
      return skipRecords(count - i, bytes, at, end);
    }
    const nameStart = names.arena.length;
    const fixed = writeName(names.arena, bytes, at, start, end);
    const next = recordEnd(bytes, fixed, end);
    if (next === -1) {
      names.arena.length = nameStart;
      return -1;
    }
    const type = uint16(bytes, fixed);
    const recordClass = uint16(bytes, fixed + 2);
    names.endItem();
    types.push(type);
    ttls.push(uint32(bytes, fixed + 4));
    const isSound = writeRecordData(
      data.arena,
      type,
      isMulticastDns ? recordClass & ~CACHE_FLUSH : recordClass,
      bytes,
      fixed + FIXED_BYTES,
      next,
      start,
    );
    if (!isSound) record.malformed = true;
    data.endItem();
    at = next;
  }
  return at;
}

/** The position after `count` records, -1 when they are not whole. */
function skipRecords(count: number, bytes: Uint8Array, at: number, end: number): number {
  for (let i = 0; i < count; i++) {
    at = recordEnd(bytes, skipName(bytes, at, end), end);
    if (at === -1) return -1;
  }
  return at;
}

/** End of the record whose type stands at `fixed` (-1 for none), -1 when that is beyond `end`. */
function recordEnd(bytes: Uint8Array, fixed: number, end: number): number {
  if (fixed === -1 || fixed + FIXED_BYTES > end) return -1;
  const next = fixed + FIXED_BYTES + uint16(bytes, fixed + 8);
  return next > end ? -1 : next;
}
