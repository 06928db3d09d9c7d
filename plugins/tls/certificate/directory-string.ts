import type { ByteSlot } from "../../../runtime/plugin/index.js";
import { DerTag } from "./der.js";

const BACKSLASH = 92;
const SPACE = 32;
const HASH = 35;
/** Characters with a meaning in a distinguished name (RFC 4514, section 2.4). */
const SPECIAL = new Set(Array.from(',+"\\<>;', (character) => character.charCodeAt(0)));
const MAX_CODE_POINT = 0x10ffff;

/**
 * Appends a string of a certificate, whose content is `bytes[at, end)`, escaped for a distinguished name; false, and nothing, for a tag
 * that is not a string's. A byte that does not belong to a character, and a control character, is `\` and two hexadecimal digits.
 */
export function writeDirectoryString(slot: ByteSlot, tag: number, bytes: Uint8Array, at: number, end: number): boolean {
  switch (tag) {
    case DerTag.Utf8String:
      writeUtf8(slot, bytes, at, end);
      return true;
    case DerTag.NumericString:
    case DerTag.PrintableString:
    case DerTag.TeletexString:
    case DerTag.Ia5String:
    case DerTag.VisibleString:
      writeUnits(slot, 1, bytes, at, end);
      return true;
    case DerTag.BmpString:
      writeUnits(slot, 2, bytes, at, end);
      return true;
    case DerTag.UniversalString:
      writeUnits(slot, 4, bytes, at, end);
      return true;
    default:
      return false;
  }
}

/** Characters of `size` bytes each, those of one byte in Latin 1, as they occur under that name in certificates. */
function writeUnits(slot: ByteSlot, size: number, bytes: Uint8Array, at: number, end: number): void {
  for (const start = at; at + size <= end; at += size) {
    let code = 0;
    for (let i = 0; i < size; i++) code = code * 256 + bytes[at + i]!;
    const isSurrogate = code >= 0xd800 && code < 0xe000;
    if (isSurrogate || code > MAX_CODE_POINT) for (let i = 0; i < size; i++) writeHexadecimal(slot, bytes[at + i]!);
    else writeCharacter(slot, code, at === start, at + size === end);
  }
}

function writeUtf8(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  for (const start = at; at < end; ) {
    const size = characterBytes(bytes, at, end);
    if (size === 0) writeHexadecimal(slot, bytes[at++]!);
    else if (size === 1) {
      writeCharacter(slot, bytes[at]!, at === start, at + 1 === end);
      at++;
    } else if (slot.length + size > slot.maxBytes) {
      // No half of a character where the slot ends.
      slot.overflowed = true;
      return;
    } else {
      slot.append(bytes, at, at + size);
      at += size;
    }
  }
}

/** Bytes of the UTF-8 character at `at` (RFC 3629, section 4), 0 if there is none. */
function characterBytes(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > end) return 0;
  const second = bytes[at + 1]!;
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  for (let i = 1; i < size; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  return size;
}

function writeCharacter(slot: ByteSlot, code: number, isFirst: boolean, isLast: boolean): void {
  if (code < 32 || code === 127) {
    writeHexadecimal(slot, code);
    return;
  }
  const isEscaped = SPECIAL.has(code) || (code === SPACE && (isFirst || isLast)) || (code === HASH && isFirst);
  if (isEscaped) slot.push(BACKSLASH);
  if (code < 127) slot.push(code);
  else slot.appendText(String.fromCodePoint(code));
}

function writeHexadecimal(slot: ByteSlot, byte: number): void {
  slot.push(BACKSLASH);
  slot.appendText(byte.toString(16).toUpperCase().padStart(2, "0"));
}
