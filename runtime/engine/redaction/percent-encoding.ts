const PERCENT = 37;
const TWO = 50;
const FIVE = 53;

/** Maximum {@link EncodedCharacter.level}; a byte that is encoded more often has this level. */
const MAX_LEVEL = 3;

/** Values of hexadecimal digits; 255 for other bytes. */
const DIGITS = new Uint8Array(256).fill(255);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  DIGITS[digit.charCodeAt(0)] = value;
  DIGITS[digit.toUpperCase().charCodeAt(0)] = value;
}

/**
 * A character of a text that may be percent-encoded (RFC 3986, section 2.1), also several times, as a URL within a parameter of another is:
 * `/`, `%2F` and `%252F` are the byte 47 at levels 0, 1 and 2. {@link read} overwrites it.
 */
export class EncodedCharacter {
  byte = 0;
  /** How often the byte is encoded, at most {@link MAX_LEVEL}. */
  level = 0;
  /** Position after the character. */
  end = 0;

  /** Reads the character at `at`, before `end`. A `%` without two hexadecimal digits after it is a byte at level 0. */
  read(bytes: Uint8Array, at: number, end: number): void {
    this.byte = bytes[at]!;
    this.level = 0;
    this.end = at + 1;
    if (this.byte !== PERCENT) return;
    let digits = at + 1;
    let level = 1;
    // `%25` is an encoded `%`.
    while (digits + 3 < end && bytes[digits] === TWO && bytes[digits + 1] === FIVE) {
      digits += 2;
      level++;
    }
    if (!isEncoded(bytes, digits, end)) {
      if (level === 1) return;
      digits -= 2;
      level--;
    }
    this.byte = (DIGITS[bytes[digits]!]! << 4) | DIGITS[bytes[digits + 1]!]!;
    this.level = Math.min(level, MAX_LEVEL);
    this.end = digits + 2;
  }
}

function isEncoded(bytes: Uint8Array, digits: number, end: number): boolean {
  return digits + 1 < end && DIGITS[bytes[digits]!] !== 255 && DIGITS[bytes[digits + 1]!] !== 255;
}
