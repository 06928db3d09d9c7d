import type { DnsRecord } from "../../generated/dns/record.js";
import { finishHash, PROCESS_HASH_KEY, skipName, uint16, writeName } from "../../runtime/plugin/index.js";

/** Of the hash FNV-1a. */
const FNV_PRIME = 0x01000193;
const SEED = PROCESS_HASH_KEY[0]!;

/** What a message asks. */
export type Question = Pick<DnsRecord, "queryName" | "queryType" | "queryClass" | "unicastDesired">;

/** Top bit of the class in a multicast DNS question: the answer may come by unicast (RFC 6762, section 5.4). */
const UNICAST_DESIRED = 0x8000;

/** Reads the question at `at`; returns the position after it, -1 when it is incomplete. */
export function readQuestion(
  question: Question,
  bytes: Uint8Array,
  at: number,
  start: number,
  end: number,
  isMulticastDns: boolean,
): number {
  const next = writeName(question.queryName, bytes, at, start, end);
  if (next === -1 || next + 4 > end) return -1;
  const queryClass = uint16(bytes, next + 2);
  question.queryType = uint16(bytes, next);
  question.queryClass = isMulticastDns ? queryClass & ~UNICAST_DESIRED : queryClass;
  question.unicastDesired = isMulticastDns ? queryClass >= UNICAST_DESIRED : null;
  return next + 4;
}

/** Lists `count` questions; returns the position after them, -1 when they are incomplete, with those listed that are. */
export function readQuestions(
  { questionNames, questionTypes }: DnsRecord,
  count: number,
  bytes: Uint8Array,
  at: number,
  start: number,
  end: number,
): number {
  for (let i = 0; i < count; i++) {
    if (questionTypes.length === questionTypes.maxItems) {
      questionTypes.overflowed = true;
      return skipQuestions(count - i, bytes, at, end);
    }
    const nameStart = questionNames.arena.length;
    const next = writeName(questionNames.arena, bytes, at, start, end);
    if (next === -1 || next + 4 > end) {
      questionNames.arena.length = nameStart;
      return -1;
    }
    questionNames.endItem();
    questionTypes.push(uint16(bytes, next));
    at = next + 4;
  }
  return at;
}

/** The position after `count` questions, -1 when they are incomplete. */
export function skipQuestions(count: number, bytes: Uint8Array, at: number, end: number): number {
  for (let i = 0; i < count; i++) {
    const next = skipName(bytes, at, end);
    if (next === -1 || next + 4 > end) return -1;
    at = next + 4;
  }
  return at;
}

/** True for the same name, in any case of its letters, type and class. */
export function isSameQuestion(a: Question, b: Question): boolean {
  const { length, bytes } = a.queryName;
  if (a.queryType !== b.queryType || a.queryClass !== b.queryClass || length !== b.queryName.length) return false;
  const other = b.queryName.bytes;
  for (let i = 0; i < length; i++) {
    if (bytes[i] !== other[i] && lowerCase(bytes[i]!) !== lowerCase(other[i]!)) return false;
  }
  return true;
}

/** A number other than 0 that two of {@link isSameQuestion} share, and others hardly ever. */
export function hashQuestion({ queryName, queryType, queryClass }: Question): number {
  const { bytes, length } = queryName;
  let hash = Math.imul(((queryType ?? 0) << 16) | (queryClass ?? 0), FNV_PRIME) ^ SEED;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ lowerCase(bytes[i]!), FNV_PRIME);
  return finishHash(hash) || 1;
}

function lowerCase(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
