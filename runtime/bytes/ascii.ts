/** The byte in lower case if it is an ASCII letter. */
export function lowerCase(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

/** Whether `bytes[start, end)` equal `text`, which is in lower case, ignoring case. */
export function equalsText(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (lowerCase(bytes[start + i]!) !== text[i]) return false;
  return true;
}

/** Position of the first `byte` in `bytes[start, end)`, -1 for none. */
export function indexOfByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === byte) return at;
  return -1;
}

/** The bytes of ASCII text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
