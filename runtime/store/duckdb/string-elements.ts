/** 32-bit words of a `duckdb_string_t`. */
export const ELEMENT_WORDS = 4;
/** Bytes of a text that its element holds itself. */
const INLINE_BYTES = 12;
const TWO_32 = 4294967296;

/**
 * Writes DuckDB's elements of texts that are slices of `bytes`, which begins at `address` in memory:
 *
 * ```
 * ┌──────────┬────────────────────────────────────┐
 * │ length   │ up to 12 bytes, padded with zeros  │   length <= 12
 * ├──────────┼────────────┬───────────────────────┤
 * │ length   │ first four │ pointer, 64 bits      │   longer
 * └──────────┴────────────┴───────────────────────┘
 * ```
 *
 * The padding matters: DuckDB compares short texts by all 16 bytes.
 */
export function writeElements(
  elements: Uint32Array,
  starts: Uint32Array,
  lengths: Uint32Array,
  count: number,
  bytes: Uint8Array,
  address: bigint,
): void {
  // A user-space address is below 2^48, so address and offset are added as numbers without loss.
  const base = Number(address);
  for (let i = 0, at = 0; i < count; i++, at += ELEMENT_WORDS) {
    const start = starts[i]!;
    const length = lengths[i]!;
    elements[at] = length;
    if (length <= INLINE_BYTES) {
      const end = start + length;
      elements[at + 1] = inlineWord(bytes, start, end);
      elements[at + 2] = length > 4 ? inlineWord(bytes, start + 4, end) : 0;
      elements[at + 3] = length > 8 ? inlineWord(bytes, start + 8, end) : 0;
    } else {
      elements[at + 1] =
        bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24);
      const pointer = base + start;
      elements[at + 2] = pointer % TWO_32;
      elements[at + 3] = pointer / TWO_32;
    }
  }
}

/** Up to four bytes from `at`, those at `end` and after as zero. */
function inlineWord(bytes: Uint8Array, at: number, end: number): number {
  const count = end - at;
  let word = 0;
  if (count > 0) word = bytes[at]!;
  if (count > 1) word |= bytes[at + 1]! << 8;
  if (count > 2) word |= bytes[at + 2]! << 16;
  if (count > 3) word |= bytes[at + 3]! << 24;
  return word;
}
