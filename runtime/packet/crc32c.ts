/** The Castagnoli polynomial, bit-reversed (RFC 9260, appendix A). */
const POLYNOMIAL = 0x82f63b78;

const table = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ ((remainder & 1) === 0 ? 0 : POLYNOMIAL);
  table[byte] = remainder;
}

/** CRC32c of `bytes[start, end)`, continued from the CRC `before` of preceding bytes; 0 for none. */
export function crc32c(bytes: Uint8Array, start: number, end: number, before = 0): number {
  let remainder = ~before;
  for (let at = start; at < end; at++) remainder = (remainder >>> 8) ^ table[(remainder ^ bytes[at]!) & 0xff]!;
  return ~remainder >>> 0;
}
