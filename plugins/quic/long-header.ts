import { IntegerReader } from "./variable-integer.js";
import { isPlausibleVersion, rulesOf } from "./versions.js";

/** Types of packets with a long header, numbered as in version 1 (RFC 9000, section 17.2). */
export const PacketType = {
  Initial: 0,
  ZeroRtt: 1,
  Handshake: 2,
  Retry: 3,
  /** A packet without a type: its version is 0. */
  VersionNegotiation: 4,
  /** Of a version whose packets are not known but for what all versions share. */
  Unknown: 5,
} as const;

/** Fewest bytes of the destination that a client makes up (RFC 9000, section 7.2). */
export const ORIGINAL_ID_BYTES = 8;

const MAX_CONNECTION_ID = 20;
const FIXED_BIT = 0x40;

/** Where the parts of a packet with a long header stand in its datagram. */
export interface LongHeader {
  readonly type: number;
  readonly version: number;
  readonly start: number;
  readonly destinationStart: number;
  readonly destinationEnd: number;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  /** Bytes of an Initial's token. */
  readonly tokenBytes: number;
  /** Where the packet number begins, or what a packet without one holds. */
  readonly numberStart: number;
  readonly end: number;
}

/** True for a type of packets that a client may begin with: an Initial, or one of which no more is known. */
export function beginsAttempt(type: number): boolean {
  return type === PacketType.Initial || type === PacketType.Unknown;
}

/** True for a byte that begins a packet with a long header. */
export function isLongHeader(first: number): boolean {
  return first >= 0x80;
}

/** True for a byte that begins a packet with a short header whose fixed bit is set: other bytes after a packet may be padding. */
export function isShortHeader(first: number): boolean {
  return (first & 0xc0) === FIXED_BIT;
}

/**
 * Reads the long header at `at` (RFC 8999, section 5.1; RFC 9000, section 17.2). Returns `undefined` for bytes that are not a long header. With
 * `mayBeGreased` the fixed bit of a known version may be 0 (RFC 9287), as in a connection that has begun.
 *
 * ```
 *   ┌───────┬─────────┬───┬─────────────┬───┬────────┬──────────────────────────┬────────┬───────────────┬─────────┐
 *   │ flags │ version │ n │ destination │ n │ source │ length, token of Initial │ length │ packet number │ payload │
 *   └───────┴─────────┴───┴─────────────┴───┴────────┴──────────────────────────┴────────┴───────────────┴─────────┘
 *       1        4      1        n        1      n
 * ```
 */
export function readLongHeader(
  bytes: Uint8Array,
  at: number,
  end: number,
  mayBeGreased = false,
): LongHeader | undefined {
  if (end - at < 7) return undefined;
  const version = ((bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!) >>> 0;
  const destinationStart = at + 6;
  const destinationEnd = destinationStart + bytes[at + 5]!;
  if (destinationEnd >= end || bytes[at + 5]! > MAX_CONNECTION_ID) return undefined;
  const sourceStart = destinationEnd + 1;
  const sourceEnd = sourceStart + bytes[destinationEnd]!;
  if (sourceEnd > end || bytes[destinationEnd]! > MAX_CONNECTION_ID) return undefined;
  const ids = { version, start: at, destinationStart, destinationEnd, sourceStart, sourceEnd };
  const whole = { ...ids, tokenBytes: 0, numberStart: sourceEnd, end };
  if (version === 0) {
    const isList = end > sourceEnd && (end - sourceEnd) % 4 === 0;
    return isList ? { ...whole, type: PacketType.VersionNegotiation } : undefined;
  }
  const rules = rulesOf(version);
  const isFixedBitClear = (bytes[at]! & FIXED_BIT) === 0;
  if (isFixedBitClear && (!mayBeGreased || rules === undefined)) return undefined;
  if (rules === undefined) return isPlausibleVersion(version) ? { ...whole, type: PacketType.Unknown } : undefined;
  const type = (((bytes[at]! >> 4) & 3) + rules.typeShift) % 4;
  if (type === PacketType.Retry) return { ...whole, type };
  const integers = new IntegerReader(bytes, sourceEnd, end);
  const tokenBytes = type === PacketType.Initial ? integers.next() : 0;
  if (tokenBytes === -1) return undefined;
  integers.at += tokenBytes;
  const length = integers.next();
  const packetEnd = integers.at + length;
  if (length === -1 || packetEnd > end) return undefined;
  return { ...ids, type, tokenBytes, numberStart: integers.at, end: packetEnd };
}
