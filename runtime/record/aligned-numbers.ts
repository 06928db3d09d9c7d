/** Bytes of a cache line. */
const LINE_BYTES = 64;
/** Usual offset of a large buffer in its cache line: after the header of the C library's allocator. */
const USUAL_START_BYTES = 16;

/**
 * Allocates `length` numbers that begin at a cache line, if the allocator places the buffer as usual: a record of 64 or 128 bytes then
 * occupies one line or two. Views of the same memory as words and bytes begin at its `byteOffset`.
 */
export function allocateAlignedNumbers(length: number): Float64Array {
  const buffer = new ArrayBuffer(length * 8 + LINE_BYTES);
  return new Float64Array(buffer, LINE_BYTES - USUAL_START_BYTES, length);
}
