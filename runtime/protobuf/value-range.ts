/**
 * What encoders do with a value that its field cannot hold, so that no value of a decoder makes bytes that a reader refuses:
 *
 * | value | `optional` field | other field | item of a list |
 * | --- | --- | --- | --- |
 * | fraction | its whole part | its whole part | its whole part |
 * | below or above the range | null | nearest bound; 0 for an enum | nearest bound; 0 for an enum |
 * | NaN, `undefined`, another type | null | 0 | 0 |
 * | bigint in a field that is not of 64 bits | as the nearest number | as the nearest number | as the nearest number |
 * | address, MAC or UUID of a wrong length | null | no bytes | `0.0.0.0` |
 *
 * Each such value adds one to `count`; the output compares it before and after a row.
 */
export const adjustments = { count: 0 };

/** The whole numbers that fields of a type hold. */
export interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
  /** The bounds of bigints, where they are beyond those of numbers. */
  readonly wide?: { readonly minimum: bigint; readonly maximum: bigint };
  /** A number outside an enum has no nearest one. */
  readonly isEnum: boolean;
}

/** Numbers of `uint32` fields. */
export const UINT32 = range(0, 2 ** 32 - 1);
/** Numbers of ports. */
export const PORT = range(0, 65535);
/** Numbers of `int32` and `sint32` fields. */
export const INT32 = range(-(2 ** 31), 2 ** 31 - 1);
/** Numbers of enums. */
export const ENUM: NumberRange = { ...INT32, isEnum: true };
/** Values of `uint64` fields: bigints, and numbers up to the largest one below 2^64 that a double holds. */
export const UINT64: NumberRange = {
  ...range(0, 2 ** 64 - 2048),
  wide: { minimum: 0n, maximum: 2n ** 64n - 1n },
};
/** Values of `int64` fields: bigints, and numbers up to the largest one below 2^63 that a double holds. */
export const INT64: NumberRange = {
  ...range(-(2 ** 63), 2 ** 63 - 1024),
  wide: { minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n },
};
/** Nanoseconds of durations, which databases keep as signed numbers. */
export const DURATION = range(0, 2 ** 63 - 1024);

/** True for a whole number in a range. */
export function isWithin(value: number, { minimum, maximum }: NumberRange): boolean {
  return value >= minimum && value <= maximum && Math.floor(value) === value;
}

/** The number that a field holds in place of one that is not in its range; counted. */
export function fitNumber(value: number, range: NumberRange): number {
  const fitted = fitOptional(value, range);
  if (fitted !== null) return fitted;
  return typeof value !== "number" || Number.isNaN(value) || range.isEnum
    ? 0
    : Math.min(Math.max(value, range.minimum), range.maximum);
}

/** As {@link fitNumber} for an optional field: null in place of a number without a whole part in the range. */
export function fitOptional(value: number, { minimum, maximum }: NumberRange): number | null {
  adjustments.count++;
  const whole = typeof value === "number" ? Math.trunc(value) : Number.NaN;
  return whole >= minimum && whole <= maximum ? whole : null;
}

/** The bigint that a wide field holds in place of one that may be outside its range, which is counted; null where there is none. */
export function fitWide(
  value: bigint,
  { minimum, maximum }: NonNullable<NumberRange["wide"]>,
  isOptional: boolean,
): bigint | null {
  if (value >= minimum && value <= maximum) return value;
  adjustments.count++;
  if (isOptional) return null;
  return value < minimum ? minimum : maximum;
}

/** False, in place of a value that a field cannot hold; counted. */
export function refuseValue(): false {
  adjustments.count++;
  return false;
}

/** False, in place of bytes that have not the length of their type; counted unless there are none and need not be. */
export function refuseLength(length: number, isNullable: boolean): false {
  if (isNullable || length !== 0) adjustments.count++;
  return false;
}

function range(minimum: number, maximum: number): NumberRange {
  return { minimum, maximum, isEnum: false };
}
