import { RecordType } from "../../generated/dns/dns_enums.js";
import type { DnsRecord } from "../../generated/dns/record.js";
import { type ByteList, type NumberList, skipName, uint16, uint32, writeName } from "../../runtime/plugin/index.js";
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

/** The lists of each section of a record. */
interface Sections {
  readonly answer: RecordLists;
  readonly authority: RecordLists;
  readonly additional: RecordLists;
}

/** Those of each record object, which is used again for each message. */
const sections = new WeakMap<DnsRecord, Sections>();

/**
 * Reads the records of the message `bytes[start, end)`, whose first one stands at `at`: its EDNS record, wherever that stands in the additional
 * section, and, with `isListed`, all others into the lists of their sections. Returns the position after them, -1 when they are incomplete, with
 * those listed that are. `isPaired` for the response of a known query.
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
  isListed: boolean,
): number {
  const answers = uint16(bytes, start + 6);
  const authorities = uint16(bytes, start + 8);
  const additional = uint16(bytes, start + 10);
  const lists = isListed && answers + authorities + additional > 0 ? sectionsOf(record) : undefined;
  if (lists === undefined) at = skipRecords(answers + authorities, bytes, at, end);
  else {
    if (answers > 0) at = readSection(record, lists.answer, answers, bytes, at, start, end, isMulticastDns);
    if (authorities > 0 && at !== -1)
      at = readSection(record, lists.authority, authorities, bytes, at, start, end, isMulticastDns);
  }
  let hasEdns = false;
  for (let i = 0; i < additional && at !== -1; i++) {
    if (isEdns(bytes, at, end)) {
      const next = recordEnd(bytes, at + 1, end);
      // Two are an error (RFC 6891, section 6.1.1).
      if (hasEdns) record.malformed = true;
      else if (next !== -1) readEdns(record, bytes, at + 1, next, isResponse, isPaired);
      hasEdns = true;
      at = next;
    } else if (lists === undefined) at = skipRecords(1, bytes, at, end);
    else at = readSection(record, lists.additional, 1, bytes, at, start, end, isMulticastDns);
  }
  return at;
}

/** Takes out what the record lists of another message. */
export function forgetRecords(record: DnsRecord): void {
  if (record.answerCount === null && record.additionalTypes.length === 0) return;
  const { answer, authority, additional } = sectionsOf(record);
  for (const { names, types, ttls, data } of [answer, authority, additional]) {
    names.reset();
    types.reset();
    ttls.reset();
    data.reset();
  }
}

function sectionsOf(record: DnsRecord): Sections {
  const known = sections.get(record);
  if (known !== undefined) return known;
  const { answerNames, answerTypes, answerTtls, answerData } = record;
  const { authorityNames, authorityTypes, authorityTtls, authorityData } = record;
  const { additionalNames, additionalTypes, additionalTtls, additionalData } = record;
  const lists: Sections = {
    answer: { names: answerNames, types: answerTypes, ttls: answerTtls, data: answerData },
    authority: { names: authorityNames, types: authorityTypes, ttls: authorityTtls, data: authorityData },
    additional: { names: additionalNames, types: additionalTypes, ttls: additionalTtls, data: additionalData },
  };
  sections.set(record, lists);
  return lists;
}

/** True for the root's name and the type of an EDNS record. */
function isEdns(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 2 < end && bytes[at] === 0 && uint16(bytes, at + 1) === RecordType.OPT;
}

/** Lists `count` records; returns the position after them, -1 when they are incomplete, with those listed that are. */
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

/** The position after `count` records, -1 when they are incomplete. */
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
