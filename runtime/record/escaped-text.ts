import { utf8SequenceBytes } from "../bytes/utf8.js";
import type { ByteSlot } from "./byte-slot.js";

const BACKSLASH = 92;

/** Appends one byte of a text: a backslash as two, anything other than printable ASCII and space as `\DDD`. */
export function writeTextByte(slot: ByteSlot, byte: number): void {
  if (byte === BACKSLASH) slot.push(BACKSLASH);
  if (byte >= 32 && byte < 127) {
    slot.push(byte);
    return;
  }
  slot.push(BACKSLASH);
  slot.push(48 + Math.floor(byte / 100));
  slot.push(48 + (Math.floor(byte / 10) % 10));
  slot.push(48 + (byte % 10));
}

/** Appends `bytes[at, end)`, text that should be UTF-8: characters beyond ASCII unchanged, all other bytes as {@link writeTextByte} does. */
export function writeUtf8Text(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  while (at < end) {
    const length = utf8SequenceBytes(bytes, at, end);
    if (length === 0) writeTextByte(slot, bytes[at++]!);
    else for (const next = at + length; at < next; at++) slot.push(bytes[at]!);
  }
}

/** Appends a text of any bytes, `bytes[at, end)`; trailing zeros, which some senders add, are omitted. */
export function writeText(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  slot.markPresent();
  while (end > at && bytes[end - 1] === 0) end--;
  for (; at < end; at++) writeTextByte(slot, bytes[at]!);
}
