import { utf8SequenceBytes } from "../bytes/utf8.js";
import type { ByteSlot } from "./byte-slot.js";

/** Maximum octets of a name on the wire, including its root label (RFC 1035, section 2.3.4). */
const MAX_NAME_OCTETS = 255;
/** As many as the labels of the longest name: with more, some pointers point only to pointers. */
const MAX_POINTERS = 127;

const DOT = 46;
const BACKSLASH = 92;
const ZERO = 48;

/**
 * Appends the name at `at` of the message `bytes[start, end)` to `slot` as presentation text: no final dot, `.` for the root,
 * RFC 4343 escapes; characters beyond ASCII as they are where they are UTF-8 (RFC 6762, section 16), else escaped byte by byte. Returns the position after the name, or -1, with the slot as it was, for a name that leaves the
 * message, is longer than 255 octets or has a compression pointer that does not point before its own name.
 *
 * ```
 *   ┌───┬─────┬───┬─────────┬────────────┐
 *   │ 3 │ www │ 7 │ example │ pointer    │   a pointer is 11 in the upper bits and an offset from `start`;
 *   └───┴─────┴───┴─────────┴────────────┘   it ends the name here, and the name continues where it points
 * ```
 */
export function writeName(slot: ByteSlot, bytes: Uint8Array, at: number, start: number, end: number): number {
  const target = slot.bytes;
  const first = slot.length;
  let written = first;
  // Every pointer points before the labels that led to it, so a name cannot return to an earlier position.
  let limit = at;
  let after = -1;
  let octets = 1;
  let pointers = 0;
  let sequence = 0;
  while (at < end) {
    const length = bytes[at]!;
    if (length === 0) {
      if (written === first) target[written++] = DOT;
      // Bytes beyond the end of the slot were not written: typed arrays ignore such writes.
      slot.isPresent = true;
      slot.length = written;
      if (written > slot.maxBytes) {
        slot.length = slot.maxBytes;
        slot.overflowed = true;
      }
      return after === -1 ? at + 1 : after;
    }
    if (length >= 0xc0) {
      if (at + 1 >= end || ++pointers > MAX_POINTERS) return -1;
      if (after === -1) after = at + 2;
      at = start + (((length & 0x3f) << 8) | bytes[at + 1]!);
      if (at >= limit) return -1;
      limit = at;
      continue;
    }
    octets += length + 1;
    const labelEnd = at + 1 + length;
    if (length > 63 || octets > MAX_NAME_OCTETS || labelEnd > end) return -1;
    if (written !== first) target[written++] = DOT;
    for (at++; at < labelEnd; at++) {
      const byte = bytes[at]!;
      if (byte > 32 && byte < 127) {
        if (byte === DOT || byte === BACKSLASH) target[written++] = BACKSLASH;
        target[written++] = byte;
      } else if (byte > 127 && (sequence = utf8SequenceBytes(bytes, at, labelEnd)) > 0) {
        for (const last = at + sequence - 1; at < last; at++) target[written++] = bytes[at]!;
        target[written++] = bytes[at]!;
      } else {
        target[written++] = BACKSLASH;
        target[written++] = ZERO + Math.floor(byte / 100);
        target[written++] = ZERO + (Math.floor(byte / 10) % 10);
        target[written++] = ZERO + (byte % 10);
      }
    }
  }
  return -1;
}

/** The position after the name at `at`, or -1 if that is not before `end`. Pointers are not followed. */
export function skipName(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const length = bytes[at]!;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2 <= end ? at + 2 : -1;
    if (length > 63) return -1;
    at += length + 1;
  }
  return -1;
}
