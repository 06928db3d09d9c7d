import { type DnsRecord, RecordType } from "../../generated/dns/record.js";
import { uint16, uint32 } from "../../runtime/wire/big-endian.js";
import { skipName, writeName } from "../../runtime/wire/domain-name.js";
import { readEdns } from "./edns.js";
import { writeRecordData } from "./record-data.js";

/** Type, class, time to live and data length, which stand between name and data. */
const FIXED_BYTES = 10;
/** Top bit of the class in a multicast DNS record: the record replaces what was cached (RFC 6762, section 10.2). */
const CACHE_FLUSH = 0x8000;

/** The position after `count` records, -1 when they are not whole. */
export function skipRecords(count: number, bytes: Uint8Array, at: number, end: number): number {
  for (let i = 0; i < count; i++) {
    at = recordEnd(bytes, skipName(bytes, at, end), end);
    if (at === -1) return -1;
  }
  return at;
}

/** Lists `count` answers; returns the position after them, -1 when they are not whole, with those listed that are. */
export function readAnswers(
  record: DnsRecord,
  count: number,
  bytes: Uint8Array,
  at: number,
  start: number,
  end: number,
  isMulticastDns: boolean,
): number {
  const { answerNames, answerTypes, answerTtls, answerData } = record;
  for (let i = 0; i < count; i++) {
    if (answerTypes.length === answerTypes.maxItems) {
      answerTypes.overflowed = true;
      return skipRecords(count - i, bytes, at, end);
    }
    const nameStart = answerNames.arena.length;
    const fixed = writeName(answerNames.arena, bytes, at, start, end);
    const next = recordEnd(bytes, fixed, end);
    if (next === -1) {
      answerNames.arena.length = nameStart;
      return -1;
    }
    const type = uint16(bytes, fixed);
    const recordClass = uint16(bytes, fixed + 2);
    answerNames.endItem();
    answerTypes.push(type);
    answerTtls.push(uint32(bytes, fixed + 4));
    const isSound = writeRecordData(
      answerData.arena,
      type,
      isMulticastDns ? recordClass & ~CACHE_FLUSH : recordClass,
      bytes,
      fixed + FIXED_BYTES,
      next,
      start,
    );
    if (!isSound) record.malformed = true;
    answerData.endItem();
    at = next;
  }
  return at;
}

/** Reads the EDNS record among `count` additional records, wherever it stands; returns the position after them, -1 when they are not whole. */
export function readAdditional(
  record: DnsRecord,
  count: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  isResponse: boolean,
  isPaired: boolean,
): number {
  let hasEdns = false;
  for (let i = 0; i < count; i++) {
    const isRoot = at < end && bytes[at] === 0;
    const fixed = skipName(bytes, at, end);
    const next = recordEnd(bytes, fixed, end);
    if (next === -1) return -1;
    if (isRoot && !hasEdns && uint16(bytes, fixed) === RecordType.OPT) {
      readEdns(record, bytes, fixed, next, isResponse, isPaired);
      hasEdns = true;
    }
    at = next;
  }
  return at;
}

/** End of the record whose type stands at `fixed` (-1 for none), -1 when that is beyond `end`. */
function recordEnd(bytes: Uint8Array, fixed: number, end: number): number {
  if (fixed === -1 || fixed + FIXED_BYTES > end) return -1;
  const next = fixed + FIXED_BYTES + uint16(bytes, fixed + 8);
  return next > end ? -1 : next;
}
