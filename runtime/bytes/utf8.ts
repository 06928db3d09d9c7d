const REPLACEMENT = 0x3f;

/** Replaces each byte of `bytes[start, end)` that is not part of a UTF-8 character by `?` (RFC 3629, section 4). */
export function replaceMalformed(bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; ) {
    const length = characterLength(bytes, at, end);
    if (length === 0) bytes[at++] = REPLACEMENT;
    else at += length;
  }
}

/** Whether `bytes[start, end)` are UTF-8 (RFC 3629, section 4). */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; ) {
    const length = characterLength(bytes, at, end);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/**
 * Length of the UTF-8 sequence of a character beyond ASCII that begins at `at`, 2 to 4; 0 if there is none, and for the control characters
 * U+0080 to U+009F.
 */
export function utf8SequenceBytes(bytes: Uint8Array, at: number, end: number): number {
  const length = characterLength(bytes, at, end);
  const isControl = bytes[at] === 0xc2 && bytes[at + 1]! < 0xa0;
  return length === 1 || isControl ? 0 : length;
}

/** Length of the character at `at`, 0 if it is invalid. */
function characterLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > end) return 0;
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1]!;
  // Neither overlong, nor a surrogate, nor beyond U+10FFFF.
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second >= 0xa0) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second >= 0x90) return 0;
  return length;
}
