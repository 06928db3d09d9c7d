/** Four bytes in network order as an unsigned number. */
function readUint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** Writes 16 bytes in network order as four words, least significant first, at `index`. */
export function wordsFrom16(words: Uint32Array, index: number, bytes: Uint8Array, at: number): void {
  words[index] = readUint32(bytes, at + 12);
  words[index + 1] = readUint32(bytes, at + 8);
  words[index + 2] = readUint32(bytes, at + 4);
  words[index + 3] = readUint32(bytes, at);
}

const ALL_ONES = 0xffffffff;

/**
 * Writes an address of 4 or 16 bytes as four words: an IPv4 address as its IPv4-mapped one (RFC 4291, section 2.5.5.2), and an IPv6 address
 * that is itself IPv4-mapped with 96 leading one bits, where no address of a host is (section 2.7 reserves those flags and that scope).
 */
export function wordsFromAddress(
  words: Uint32Array,
  index: number,
  bytes: Uint8Array,
  at: number,
  length: number,
): void {
  if (length === 16) {
    wordsFrom16(words, index, bytes, at);
    if (words[index + 1] === 0xffff && words[index + 2] === 0 && words[index + 3] === 0) {
      words.fill(ALL_ONES, index + 1, index + 4);
    }
    return;
  }
  words[index] = readUint32(bytes, at);
  words[index + 1] = 0xffff;
  words[index + 2] = 0;
  words[index + 3] = 0;
}

/** Writes a MAC address as two words, least significant first. */
export function wordsFromMac(words: Uint32Array, index: number, bytes: Uint8Array, at: number): void {
  words[index] = readUint32(bytes, at + 2);
  words[index + 1] = (bytes[at]! << 8) | bytes[at + 1]!;
}

/** True for a value of four words that is 0. */
export function isZero(words: Uint32Array, index: number): boolean {
  return (words[index]! | words[index + 1]! | words[index + 2]! | words[index + 3]!) === 0;
}
