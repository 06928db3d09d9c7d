/** Bytes of a cache line. */
const LINE_BYTES = 64;
/** Where a large buffer usually begins in its line: after what the C library's allocator keeps of it. */
const USUAL_START_BYTES = 16;

/**
 * Allocates `length` numbers that begin where a cache line does, if the allocator places the buffer as usual: a record of 64 or 128 bytes then
 * takes one line or two. The same memory as words and bytes begins at its `byteOffset`.
 */
export function allocateAlignedNumbers(length: number): Float64Array {
  const buffer = new ArrayBuffer(length * 8 + LINE_BYTES);
  return new Float64Array(buffer, LINE_BYTES - USUAL_START_BYTES, length);
}
