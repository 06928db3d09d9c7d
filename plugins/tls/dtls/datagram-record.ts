import { uint16 } from "../../../runtime/plugin/index.js";
import { ContentType, MAX_FRAGMENT_BYTES } from "../record/record-header.js";

/**
 * Bytes of a DTLS record's header (RFC 6347, section 4.1).
 *
 * ```
 *   ┌──────┬─────────┬───────┬─────────────────┬────────┬──────────┐
 *   │ type │ version │ epoch │ sequence number │ length │ fragment │
 *   └──────┴─────────┴───────┴─────────────────┴────────┴──────────┘
 *      1        2        2            6            2       length   bytes
 * ```
 */
export const DATAGRAM_RECORD_HEADER_BYTES = 13;

/** True for a version of DTLS 1.0 to 1.3, or the one of OpenSSL 0.9.8. */
export function isDatagramVersion(bytes: Uint8Array, at: number): boolean {
  const major = bytes[at]!;
  const minor = bytes[at + 1]!;
  return (major === 0xfe && minor >= 0xfc && minor !== 0xfe) || (major === 1 && minor === 0);
}

/** Position after the record at `at`; -1 if it is not a whole DTLS record with an unencrypted header. */
export function datagramRecordEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at + DATAGRAM_RECORD_HEADER_BYTES > end) return -1;
  const type = bytes[at]!;
  if (type < ContentType.ChangeCipherSpec || type > ContentType.Ack) return -1;
  if (!isDatagramVersion(bytes, at + 1)) return -1;
  const length = uint16(bytes, at + 11);
  const next = at + DATAGRAM_RECORD_HEADER_BYTES + length;
  return length > MAX_FRAGMENT_BYTES || next > end ? -1 : next;
}

/** Epoch of the record at `at`; 0 is unencrypted. */
export function epochOf(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at + 3);
}

/** Whether a DTLS 1.3 record with the unified header of encrypted records begins at `at` (RFC 9147, section 4). */
export function isUnifiedHeader(bytes: Uint8Array, at: number): boolean {
  return bytes[at]! >> 5 === 1;
}
