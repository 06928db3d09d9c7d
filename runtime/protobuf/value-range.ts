/**
 * How encoders adjust a value that is out of its field's range, so that no value of a decoder produces bytes that a reader refuses:
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

/** The range of whole numbers of a type. */
export interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
  /** The range of bigints, if it exceeds that of numbers. */
  readonly wide?: { readonly minimum: bigint; readonly maximum: bigint };
  /** A number outside an enum does not have a nearest valid number. */
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

/** Whether a number is a whole number in a range. */
export function isWithin(value: number, { minimum, maximum }: NumberRange): boolean {
  return value >= minimum && value <= maximum && Math.floor(value) === value;
}

/** The replacement of a number that is out of range; counted. */
export function fitNumber(value: number, range: NumberRange): number {
  const fitted = fitOptional(value, range);
  if (fitted !== null) return fitted;
  return typeof value !== "number" || Number.isNaN(value) || range.isEnum
    ? 0
    : Math.min(Math.max(value, range.minimum), range.maximum);
}

/** As {@link fitNumber} for an optional field: null for a number whose whole part is out of range. */
export function fitOptional(value: number, { minimum, maximum }: NumberRange): number | null {
  adjustments.count++;
  const whole = typeof value === "number" ? Math.trunc(value) : Number.NaN;
  return whole >= minimum && whole <= maximum ? whole : null;
}

/** The bigint for a wide field, adjusted and counted if it is out of range; null if there is none. */
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

/** Counts a value that is out of its field's range, and returns false. */
export function refuseValue(): false {
  adjustments.count++;
  return false;
}

/** Counts bytes of a wrong length, unless they are empty and optional, and returns false. */
export function refuseLength(length: number, isNullable: boolean): false {
  if (isNullable || length !== 0) adjustments.count++;
  return false;
}

function range(minimum: number, maximum: number): NumberRange {
  return { minimum, maximum, isEnum: false };
}
