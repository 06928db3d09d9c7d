import { adjustments, fitNumber, fitOptional, fitWide, isWithin, type NumberRange } from "./value-range.js";
import { writeBigVarint, writeSignedVarint, writeSlice, writeUint32, zigzag } from "./varint.js";

/** Bytes of the unspecified address `0.0.0.0`, length included. */
const UNSPECIFIED_ADDRESS = [4, 0, 0, 0, 0];

/**
 * Writes a number field that generated code does not write itself because the number is large, negative or outside the field's
 * range (see {@link adjustments}). Writes nothing for 0. Returns the position after it.
 */
export function writeNumber(
  bytes: Uint8Array,
  at: number,
  tag: number,
  value: number | bigint,
  range: NumberRange,
): number {
  const { wide } = range;
  if (typeof value === "bigint" && wide !== undefined) return writeWide(bytes, at, tag, fitWide(value, wide, false));
  const number = typeof value === "bigint" ? Number(value) : value;
  const fitted = isWithin(number, range) ? number : fitNumber(number, range);
  return fitted === 0 ? at : writeSignedVarint(bytes, writeUint32(bytes, at, tag), fitted);
}

/** As {@link writeNumber} for an optional field, which is omitted if the number is out of range. */
export function writeOptionalNumber(
  bytes: Uint8Array,
  at: number,
  tag: number,
  value: number | bigint,
  range: NumberRange,
): number {
  const { wide } = range;
  if (typeof value === "bigint" && wide !== undefined) return writeWide(bytes, at, tag, fitWide(value, wide, true));
  const number = typeof value === "bigint" ? Number(value) : value;
  const fitted = isWithin(number, range) ? number : fitOptional(number, range);
  return fitted === null ? at : writeSignedVarint(bytes, writeUint32(bytes, at, tag), fitted);
}

function writeWide(bytes: Uint8Array, at: number, tag: number, value: bigint | null): number {
  return value === null ? at : writeBigVarint(bytes, writeUint32(bytes, at, tag), value);
}

/** As {@link writeNumber} for an item of a list, without a tag. */
export function writeNumberItem(bytes: Uint8Array, at: number, value: number, range: NumberRange): number {
  return writeSignedVarint(bytes, at, isWithin(value, range) ? value : fitNumber(value, range));
}

/** As {@link writeNumberItem} in zigzag form. */
export function writeZigzagItem(bytes: Uint8Array, at: number, value: number, range: NumberRange): number {
  return writeUint32(bytes, at, zigzag(isWithin(value, range) ? value : fitNumber(value, range)));
}

/** As {@link writeNumber} in zigzag form. */
export function writeZigzag(bytes: Uint8Array, at: number, tag: number, value: number, range: NumberRange): number {
  const fitted = isWithin(value, range) ? value : fitNumber(value, range);
  return fitted === 0 ? at : writeUint32(bytes, writeUint32(bytes, at, tag), zigzag(fitted));
}

/** As {@link writeOptionalNumber} in zigzag form. */
export function writeOptionalZigzag(
  bytes: Uint8Array,
  at: number,
  tag: number,
  value: number,
  range: NumberRange,
): number {
  const fitted = isWithin(value, range) ? value : fitOptional(value, range);
  return fitted === null ? at : writeUint32(bytes, writeUint32(bytes, at, tag), zigzag(fitted));
}

/** As `writeSlice` for an address in a list, of 4 or 16 bytes; another length is adjusted to `0.0.0.0`. */
export function writeAddress(bytes: Uint8Array, at: number, source: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 4 || length === 16) return writeSlice(bytes, at, source, start, end);
  adjustments.count++;
  bytes.set(UNSPECIFIED_ADDRESS, at);
  return at + UNSPECIFIED_ADDRESS.length;
}
