import { uint32 } from "../../runtime/plugin/index.js";

/** Bits of the first byte of a packet up to Q043. */
const Flag = { Version: 0x01, Reset: 0x02, ConnectionId: 0x08 } as const;
/** Bits that are 0 in it, unlike in the first byte of all other versions. */
const UNUSED_BITS = 0xc0;
/** Length of a packet number, by the two bits that encode it. */
const NUMBER_BYTES = [1, 2, 4, 6];
/** Bytes of a connection's id. */
export const GOOGLE_ID_BYTES = 8;
const VERSION_BYTES = 4;
/** The hash in the place of a signature while there are no keys. */
const HASH_BYTES = 12;
/** Up to this version a byte with flags stands before the frames. */
const LAST_WITH_PRIVATE_FLAGS = 33;
/** Lengths of ids in one byte: 8 of the destination and 0 of the source, and the other way round. */
const TO_SERVER = 0x50;
const TO_CLIENT = 0x05;
const FIXED_BYTES = 6;

/** A packet of one of Google's versions before Q050. */
export interface GooglePacket {
  /** 0 if the packet has none; of a server's list the first one. */
  readonly version: number;
  /** Where the connection's id of 8 bytes stands; -1 where it has none. */
  readonly idStart: number;
  /** The sender is the client, or the server, by the packet's form; undefined if it shows neither. */
  readonly isFromServer: boolean | undefined;
  /** A Public Reset, by which a server ends a connection that it does not know. */
  readonly isReset: boolean;
  /** Where its frames begin, if they are not encrypted. */
  readonly contentStart: number;
}

/** True for a byte that begins packets up to Q043. */
export function isGoogleFirstByte(first: number): boolean {
  return (first & UNUSED_BITS) === 0;
}

/** The digits of a version that is written as `Q` and three digits, of which the first is 0; 0 for any other. */
export function googleVersion(version: number): number {
  const tens = (version >> 8) & 0xff;
  const ones = version & 0xff;
  if (version >>> 16 !== 0x5130 || !isDigit(tens) || !isDigit(ones)) return 0;
  return (tens - 0x30) * 10 + ones - 0x30;
}

/** True for a packet with a long header whose version is from Q044 to Q049. */
export function isGoogleLongHeader(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= FIXED_BYTES && bytes[at + 1] === 0x51 && bytes[at + 2] === 0x30 && bytes[at + 3] === 0x34;
}

/**
 * Reads a packet up to Q043; undefined for other packets.
 *
 * ```
 *   ┌───────┬────┬─────────┬────────┬──────┬───────────────┬────────┐
 *   │ flags │ id │ version │ number │ hash │ private flags │ frames │
 *   └───────┴────┴─────────┴────────┴──────┴───────────────┴────────┘
 *       1     0,8    0,4      1…6      12         0,1               bytes
 * ```
 */
export function readGooglePacket(bytes: Uint8Array, at: number, end: number): GooglePacket | undefined {
  const flags = bytes[at]!;
  const hasId = (flags & Flag.ConnectionId) !== 0;
  const hasVersion = (flags & Flag.Version) !== 0;
  const versionStart = at + 1 + (hasId ? GOOGLE_ID_BYTES : 0);
  if (versionStart + (hasVersion ? VERSION_BYTES : 0) >= end) return undefined;
  const idStart = hasId ? at + 1 : -1;
  const isReset = (flags & Flag.Reset) !== 0;
  if (!hasVersion || isReset) return { version: 0, idStart, isFromServer: undefined, isReset, contentStart: end };
  if (!hasId) return undefined;
  const version = uint32(bytes, versionStart);
  const number = googleVersion(version);
  if (number === 0) return undefined;
  const hash = versionStart + VERSION_BYTES + NUMBER_BYTES[(flags >> 4) & 3]!;
  const contentStart = hash + HASH_BYTES + (number <= LAST_WITH_PRIVATE_FLAGS ? 1 : 0);
  return { version, idStart, isFromServer: undefined, isReset, contentStart };
}

/**
 * Reads a packet from Q044 to Q049 that {@link isGoogleLongHeader} recognises; undefined if it is incomplete.
 *
 * ```
 *   ┌───────┬─────────┬─────────┬────┬────────┬──────┬────────┐
 *   │ flags │ version │ lengths │ id │ number │ hash │ frames │
 *   └───────┴─────────┴─────────┴────┴────────┴──────┴────────┘
 *       1        4         1      8      1…4     12              bytes
 * ```
 */
export function readGoogleLongHeader(bytes: Uint8Array, at: number, end: number): GooglePacket | undefined {
  const version = uint32(bytes, at + 1);
  const number = googleVersion(version);
  const lengths = bytes[at + FIXED_BYTES - 1]!;
  const idStart = at + FIXED_BYTES;
  if (number === 0 || idStart + GOOGLE_ID_BYTES > end) return undefined;
  if (lengths !== TO_SERVER && lengths !== TO_CLIENT) return undefined;
  const numberBytes = number < 46 ? 4 : (bytes[at]! & 3) + 1;
  const contentStart = idStart + GOOGLE_ID_BYTES + numberBytes + HASH_BYTES;
  return { version, idStart, isFromServer: lengths === TO_CLIENT, isReset: false, contentStart };
}

function isDigit(character: number): boolean {
  return character >= 0x30 && character <= 0x39;
}
