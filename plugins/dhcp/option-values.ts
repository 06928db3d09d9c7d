import {
  type ByteList,
  type ByteSlot,
  type NumberList,
  uint16,
  uint32,
  writeName,
  writeText,
} from "../../runtime/plugin/index.js";

const NANOSECONDS = 1e9;
const MAX_NAME_BYTES = 255;

/** A domain name with the root label that a partial one lacks. */
const completed = new Uint8Array(MAX_NAME_BYTES + 1);

/** Sets an IPv4 address, of which an option has exactly one; false for another length. */
export function readAddress(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at !== 4) return false;
  slot.set(bytes, at, end);
  return true;
}

/** Appends addresses of `size` bytes each; false if they are incomplete. */
export function readAddresses(list: ByteList, size: number, bytes: Uint8Array, at: number, end: number): boolean {
  for (; end - at >= size; at += size) list.push(bytes, at, at + size);
  return at === end;
}

/** Appends numbers of `size` bytes each, one or two; false if they are incomplete. */
export function readNumbers(list: NumberList, size: number, bytes: Uint8Array, at: number, end: number): boolean {
  for (; end - at >= size; at += size) list.push(size === 1 ? bytes[at]! : uint16(bytes, at));
  return at === end;
}

/** Nanoseconds of a time in seconds, null for another length than four bytes. */
export function readSeconds(bytes: Uint8Array, at: number, end: number): number | null {
  return end - at === 4 ? uint32(bytes, at) * NANOSECONDS : null;
}

/** Appends the domain names that follow each other, with compression inside the value (RFC 3397); false if one is broken. */
export function readNames(list: ByteList, bytes: Uint8Array, at: number, end: number): boolean {
  const start = at;
  while (at < end) {
    at = writeName(list.arena, bytes, at, start, end);
    if (at === -1) return false;
    list.endItem();
  }
  return true;
}

/** Sets a domain name in labels that may lack their end, as clients send who know their first label only (RFC 4702, RFC 4704). */
export function readPartialName(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (length > MAX_NAME_BYTES) return false;
  for (let i = 0; i < length; i++) completed[i] = bytes[at + i]!;
  completed[length] = 0;
  if (length === 0) {
    slot.markPresent();
    return true;
  }
  return writeName(slot, completed, 0, 0, length + 1) !== -1;
}

/** Appends the texts that follow each other, each after its length in `size` bytes; false if one is incomplete. */
export function readTexts(list: ByteList, size: number, bytes: Uint8Array, at: number, end: number): boolean {
  while (at < end) {
    if (end - at < size) return false;
    const text = at + size;
    const next = text + (size === 1 ? bytes[at]! : uint16(bytes, at));
    if (next > end) return false;
    writeText(list.arena, bytes, text, next);
    list.endItem();
    at = next;
  }
  return true;
}

/** Sets three numbers such as `1.3.16`; false for another length than three bytes. */
export function readVersion(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at !== 3) return false;
  for (let i = 0; i < 3; i++) {
    if (i > 0) slot.push(0x2e);
    slot.appendNumber(bytes[at + i]!);
  }
  return true;
}
