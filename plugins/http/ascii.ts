import { ascii } from "../../runtime/plugin/index.js";
/** Bytes of HTTP's grammar (RFC 9110, section 5.6). */
export const Ascii = {
  Tab: 9,
  LineFeed: 10,
  Return: 13,
  Space: 32,
  Colon: 58,
  Question: 63,
  Ampersand: 38,
  Semicolon: 59,
  Equals: 61,
  At: 64,
  Slash: 47,
  Hash: 35,
} as const;

/** Whether the bytes begin with `text`, letter by letter. */
export function startsWith(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  return end - start >= text.length && mayStartWith(bytes, start, end, text);
}

/** Whether the bytes, as many as there are, are the beginning of `text`, or begin with it. */
export function mayStartWith(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  const length = Math.min(text.length, end - start);
  for (let i = 0; i < length; i++) if (bytes[start + i] !== text[i]) return false;
  return true;
}

/** True for a space and a tab. */
export function isBlank(byte: number): boolean {
  return byte === Ascii.Space || byte === Ascii.Tab;
}

/** True for a byte of a token: a method or the name of a header field (RFC 9110, section 5.6.2). */
export function isTokenByte(byte: number): boolean {
  return TOKEN_BYTES[byte] === 1;
}

const TOKEN_BYTES = new Uint8Array(256);
for (const byte of ascii("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
  TOKEN_BYTES[byte] = 1;
}
