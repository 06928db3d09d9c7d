import { uint32 } from "../../runtime/plugin/index.js";

/** Bytes of the variable-length integer that begins with this byte (RFC 9000, section 16): 1, 2, 4 or 8. */
export function integerBytes(first: number): number {
  return 1 << (first >> 6);
}

/** The variable-length integer at `at`, which is whole; exact below 2^53. */
export function readInteger(bytes: Uint8Array, at: number): number {
  const end = at + integerBytes(bytes[at]!);
  let value = bytes[at]! & 0x3f;
  for (let i = at + 1; i < end; i++) value = value * 256 + bytes[i]!;
  return value;
}

/** As {@link readInteger}, exact for all of its 62 bits: a bigint from 2^53 on. */
export function readExactInteger(bytes: Uint8Array, at: number): number | bigint {
  const value = readInteger(bytes, at);
  if (value <= Number.MAX_SAFE_INTEGER) return value;
  // Only an integer of eight bytes is that large.
  return (BigInt(uint32(bytes, at) & 0x3fffffff) << 32n) | BigInt(uint32(bytes, at + 4));
}

/** Reads variable-length integers that follow each other in `bytes[at, end)`. */
export class IntegerReader {
  at: number;
  readonly bytes: Uint8Array;
  readonly end: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** The next integer, -1 where it is incomplete. */
  next(): number {
    const { bytes, at } = this;
    if (at >= this.end || at + integerBytes(bytes[at]!) > this.end) return -1;
    this.at = at + integerBytes(bytes[at]!);
    return readInteger(bytes, at);
  }
}
