import { replaceMalformed } from "../bytes/utf8.js";

const TWO_32 = 4294967296;

/** Writes an unsigned whole number below 2^64 as a varint at `at` and returns the position after it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  if (value < TWO_32) return writeUint32(bytes, at, value >>> 0);
  // Two 32-bit halves, so that bits are extracted by integer operations: 28 of the lower half, then the 36 others.
  const high = Math.floor(value / TWO_32);
  const low = (value - high * TWO_32) >>> 0;
  bytes[at] = (low & 127) | 0x80;
  bytes[at + 1] = ((low >>> 7) & 127) | 0x80;
  bytes[at + 2] = ((low >>> 14) & 127) | 0x80;
  bytes[at + 3] = ((low >>> 21) & 127) | 0x80;
  const middle = (low >>> 28) | ((high & 7) << 4);
  if (high < 8) {
    bytes[at + 4] = middle;
    return at + 5;
  }
  bytes[at + 4] = middle | 0x80;
  return writeUint32(bytes, at + 5, high >>> 3);
}

/** As {@link writeVarint} for a number of 32 bits. */
export function writeUint32(bytes: Uint8Array, at: number, value: number): number {
  while (value > 127) {
    bytes[at++] = (value & 127) | 0x80;
    value >>>= 7;
  }
  bytes[at++] = value;
  return at;
}

/** Writes a whole number from -2^63 to 2^64 - 1 as protobuf's int32 and int64 do: ten bytes when negative. */
export function writeSignedVarint(bytes: Uint8Array, at: number, value: number): number {
  return value >= 0 ? writeVarint(bytes, at, value) : writeBigVarint(bytes, at, BigInt(value));
}

/** As {@link writeSignedVarint} for a bigint of the same range. */
export function writeBigVarint(bytes: Uint8Array, at: number, value: bigint): number {
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    bytes[at++] = Number(rest & 127n) | 0x80;
    rest >>= 7n;
  }
  bytes[at++] = Number(rest);
  return at;
}

/** Protobuf's zigzag form of a signed 32-bit number, unsigned. */
export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

/** Converts one double at a time into its bytes. */
const doubles = new Float64Array(1);
const doubleBytes = new Uint8Array(doubles.buffer);

/** Writes a double, little-endian, and returns the position after it. */
export function writeDouble(bytes: Uint8Array, at: number, value: number): number {
  doubles[0] = value;
  for (let i = 0; i < 8; i++) bytes[at + i] = doubleBytes[i]!;
  return at + 8;
}

/** Writes 32 bits, little-endian, and returns the position after them. */
export function writeFixed32(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
  return at + 4;
}

/** Writes `source[start, end)` with its length before it and returns the position after it. */
export function writeSlice(bytes: Uint8Array, at: number, source: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 128) bytes[at++] = length;
  else at = writeVarint(bytes, at, length);
  if (length > 48) bytes.set(start === 0 && end === source.length ? source : source.subarray(start, end), at);
  else for (let i = 0; i < length; i++) bytes[at + i] = source[start + i]!;
  return at + length;
}

/** As {@link writeSlice} for text: a byte that is not part of a UTF-8 character is written as `?`. */
export function writeText(bytes: Uint8Array, at: number, source: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 128) bytes[at++] = length;
  else at = writeVarint(bytes, at, length);
  let all = 0;
  for (let i = 0; i < length; i++) {
    const byte = source[start + i]!;
    bytes[at + i] = byte;
    all |= byte;
  }
  if (all > 127) replaceMalformed(bytes, at, at + length);
  return at + length;
}

/**
 * Writes the length of `bytes[at + reserved, end)` into the `reserved` bytes at `at`. If the length needs more or
 * fewer bytes, moves the following bytes. Returns the new end.
 */
export function closeLength(bytes: Uint8Array, at: number, reserved: number, end: number): number {
  const length = end - at - reserved;
  const needed = length < 128 ? 1 : length < 16384 ? 2 : length < 2097152 ? 3 : 4;
  if (needed !== reserved) {
    bytes.copyWithin(at + needed, at + reserved, end);
    end += needed - reserved;
  }
  writeVarint(bytes, at, length);
  return end;
}
