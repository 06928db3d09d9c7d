/** Bytes that HTTP's grammar knows (RFC 9110, section 5.6). */
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

/** The byte in lower case, where it is a letter. */
export function lowerCase(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

/** True for the letters of `text`, which is in lower case, in any case in `bytes[start, end)`. */
export function equalsText(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (lowerCase(bytes[start + i]!) !== text[i]) return false;
  return true;
}

/** True when the bytes begin with `text`, letter by letter. */
export function startsWith(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  return end - start >= text.length && mayStartWith(bytes, start, end, text);
}

/** True when the bytes, as many as there are, are the beginning of `text`, or begin with it. */
export function mayStartWith(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  const length = Math.min(text.length, end - start);
  for (let i = 0; i < length; i++) if (bytes[start + i] !== text[i]) return false;
  return true;
}

/** True for a space and a tab. */
export function isBlank(byte: number): boolean {
  return byte === Ascii.Space || byte === Ascii.Tab;
}

/** Position of the first `byte` of `bytes[start, end)`, -1 for none. */
export function indexOfByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === byte) return at;
  return -1;
}

/** The bytes of ASCII text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** True for a byte of a token: a method or the name of a header field (RFC 9110, section 5.6.2). */
export function isTokenByte(byte: number): boolean {
  return TOKEN_BYTES[byte] === 1;
}

const TOKEN_BYTES = new Uint8Array(256);
for (const byte of ascii("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
  TOKEN_BYTES[byte] = 1;
}
