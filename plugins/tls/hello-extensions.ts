import { uint16 } from "../../runtime/wire/big-endian.js";
import type { ByteList, NumberList } from "../../runtime/wire/lists.js";
import { writeEscaped } from "./escaped-text.js";

/** Bytes of an extension's type and length (RFC 8446, section 4.2). */
export const EXTENSION_HEADER_BYTES = 4;

/**
 * Lists the types of the extensions `bytes[at, end)`. False when they break the format; the list then has those that are whole.
 */
export function listExtensions(types: NumberList, bytes: Uint8Array, at: number, end: number): boolean {
  while (at < end) {
    if (at + EXTENSION_HEADER_BYTES > end) return false;
    const next = at + EXTENSION_HEADER_BYTES + uint16(bytes, at + 2);
    if (next > end) return false;
    types.push(uint16(bytes, at));
    at = next;
  }
  return true;
}

/** Position of the extension of this type, -1 where there is none; `bytes[at, end)` are whole extensions. */
export function findExtension(type: number, bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    if (uint16(bytes, at) === type) return at;
    at += EXTENSION_HEADER_BYTES + uint16(bytes, at + 2);
  }
  return -1;
}

/**
 * Appends the numbers, of `size` 1 or 2 bytes, of a vector that fills `bytes[at, end)` and has its length in `lengthSize` bytes before
 * it. False when it is not whole.
 */
export function readNumbers(
  list: NumberList,
  size: number,
  lengthSize: number,
  bytes: Uint8Array,
  at: number,
  end: number,
): boolean {
  if (at + lengthSize > end) return false;
  const next = at + lengthSize + (lengthSize === 1 ? bytes[at]! : uint16(bytes, at));
  if (next > end || (next - at - lengthSize) % size !== 0) return false;
  for (at += lengthSize; at < next; at += size) list.push(size === 1 ? bytes[at]! : uint16(bytes, at));
  return true;
}

/** Appends the protocols of an ALPN extension's content (RFC 7301, section 3.1). False when they break the format. */
export function readProtocols(list: ByteList, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 2 > end || at + 2 + uint16(bytes, at) !== end) return false;
  for (at += 2; at < end; ) {
    const next = at + 1 + bytes[at]!;
    if (next > end) return false;
    writeEscaped(list.arena, bytes, at + 1, next);
    list.endItem();
    at = next;
  }
  return true;
}
