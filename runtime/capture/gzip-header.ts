/** Bytes of the fixed part of a member's header (RFC 1952, section 2.3). */
const FIXED_BYTES = 10;
const DEFLATE = 8;
const HAS_HEADER_CHECK = 1 << 1;
const HAS_EXTRA = 1 << 2;
const HAS_NAME = 1 << 3;
const HAS_COMMENT = 1 << 4;
const RESERVED_FLAGS = 0xe0;

/** Bytes of the check sum and the length after a member's data. */
export const GZIP_TRAILER_BYTES = 8;

/** Whether the bytes start as a gzip member does (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array, count: number): boolean {
  return count >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Length of the gzip header at the start of `bytes`; undefined while it is incomplete, -1 if it is not one. */
export function gzipHeaderLength(bytes: Uint8Array): number | undefined {
  if (bytes.length >= 4 && (!isGzip(bytes, bytes.length) || bytes[2] !== DEFLATE || (bytes[3]! & RESERVED_FLAGS) !== 0))
    return -1;
  if (bytes.length < FIXED_BYTES) return undefined;
  const flags = bytes[3]!;
  let at = FIXED_BYTES;
  if ((flags & HAS_EXTRA) !== 0) {
    if (bytes.length < at + 2) return undefined;
    at += 2 + bytes[at]! + (bytes[at + 1]! << 8);
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end === -1) return undefined;
    at = end + 1;
  }
  if ((flags & HAS_HEADER_CHECK) !== 0) at += 2;
  return bytes.length < at ? undefined : at;
}
