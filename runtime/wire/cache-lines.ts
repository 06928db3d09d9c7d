/** Bytes that a cache holds together. */
const LINE_BYTES = 64;
/** Where a large buffer usually begins in its line: after what the C library's allocator keeps of it. */
const USUAL_START_BYTES = 16;

/**
 * `length` numbers that begin where a cache line does, as far as that can be had: a record of 64 or 128 bytes then takes one line or two. The
 * same memory as words and bytes is at its `byteOffset`.
 */
export function numbersInLines(length: number): Float64Array {
  const buffer = new ArrayBuffer(length * 8 + LINE_BYTES);
  return new Float64Array(buffer, LINE_BYTES - USUAL_START_BYTES, length);
}
