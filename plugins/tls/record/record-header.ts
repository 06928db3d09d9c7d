import { uint16 } from "../../../runtime/plugin/index.js";

/** Types of records (RFC 8446, section 5.1; RFC 6520, section 3; RFC 9146, section 4; RFC 9147, section 7). */
export const ContentType = {
  ChangeCipherSpec: 20,
  Alert: 21,
  Handshake: 22,
  ApplicationData: 23,
  Heartbeat: 24,
  Tls12Cid: 25,
  Ack: 26,
} as const;

/**
 * Bytes of a record's header.
 *
 * ```
 *   ┌──────┬─────────┬────────┬──────────┐
 *   │ type │ version │ length │ fragment │
 *   └──────┴─────────┴────────┴──────────┘
 *      1        2        2       length   bytes
 * ```
 */
export const RECORD_HEADER_BYTES = 5;

/** Longest fragment: 2^14 bytes and the bytes that encryption and compression may add (RFC 5246, section 6.2.3). */
export const MAX_FRAGMENT_BYTES = 16384 + 2048;

/** Whether a record of SSL 3.0 to TLS 1.3 begins at `at`. */
export function isRecordHeader(bytes: Uint8Array, at: number): boolean {
  const type = bytes[at]!;
  if (type < ContentType.ChangeCipherSpec || type > ContentType.Heartbeat) return false;
  return bytes[at + 1] === 3 && bytes[at + 2]! <= 4 && uint16(bytes, at + 3) <= MAX_FRAGMENT_BYTES;
}
