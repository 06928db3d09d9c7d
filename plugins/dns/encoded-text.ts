import { type ByteSlot, writeTextByte } from "../../runtime/plugin/index.js";

const HEX = Uint8Array.from("0123456789ABCDEF", (digit) => digit.charCodeAt(0));
const BASE64 = Uint8Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", (digit) =>
  digit.charCodeAt(0),
);
const BASE32HEX = Uint8Array.from("0123456789ABCDEFGHIJKLMNOPQRSTUV", (digit) => digit.charCodeAt(0));
const PADDING = 61;
const QUOTE = 34;
const BACKSLASH = 92;

/** Appends ASCII text that is known when the program is written; unlike `appendText` without an encoder's cost. */
export function writeAscii(slot: ByteSlot, text: string): void {
  for (let i = 0; i < text.length; i++) slot.push(text.charCodeAt(i));
}

/** Appends `bytes[at, end)` in hexadecimal digits. */
export function writeHex(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  for (; at < end; at++) {
    slot.push(HEX[bytes[at]! >> 4]!);
    slot.push(HEX[bytes[at]! & 15]!);
  }
}

/** Appends `bytes[at, end)` in Base64 (RFC 4648, section 4). */
export function writeBase64(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  for (; at < end; at += 3) {
    const rest = end - at;
    const second = rest > 1 ? bytes[at + 1]! : 0;
    const third = rest > 2 ? bytes[at + 2]! : 0;
    slot.push(BASE64[bytes[at]! >> 2]!);
    slot.push(BASE64[((bytes[at]! & 3) << 4) | (second >> 4)]!);
    slot.push(rest > 1 ? BASE64[((second & 15) << 2) | (third >> 6)]! : PADDING);
    slot.push(rest > 2 ? BASE64[third & 63]! : PADDING);
  }
}

/** Appends `bytes[at, end)` in Base32 with the extended hex alphabet, without padding (RFC 4648, section 7; RFC 5155, section 3.3). */
export function writeBase32Hex(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  let bits = 0;
  let value = 0;
  for (; at < end; at++) {
    value = ((value & 0xff) << 8) | bytes[at]!;
    for (bits += 8; bits >= 5; bits -= 5) slot.push(BASE32HEX[(value >> (bits - 5)) & 31]!);
  }
  if (bits > 0) slot.push(BASE32HEX[(value << (5 - bits)) & 31]!);
}

/** Appends `bytes[at, end)` between quotes, as a character string is written (RFC 1035, section 5.1). */
export function writeQuoted(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  slot.push(QUOTE);
  for (; at < end; at++) {
    if (bytes[at] === QUOTE) slot.push(BACKSLASH);
    writeTextByte(slot, bytes[at]!);
  }
  slot.push(QUOTE);
}
