/**
 * How encoders adjust a value that is out of its field's range, so that no value of a decoder produces bytes that a reader refuses:
 *
 * | value | `optional` field | other field | item of a list |
 * | --- | --- | --- | --- |
 * | fraction | its whole part | its whole part | its whole part |
 * | below or above the range | null | nearest bound; 0 for an enum | nearest bound; 0 for an enum |
 * | NaN, `undefined`, another type | null | 0 | 0 |
 * | address, MAC or UUID of a wrong length | null | no bytes | `0.0.0.0` |
 *
 * Each value in the table adds one to `count`; the output compares it before and after a row. A bigint in a field of plain numbers throws a
 * `TypeError`.
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

const doubles = new Float64Array(1);
const doubleBits = new BigInt64Array(doubles.buffer);

/** Numbers of `uint32` fields. */
export const UINT32 = numberRange(0n, 2n ** 32n - 1n);
/** Numbers of `int32` and `sint32` fields. */
export const INT32 = numberRange(-(2n ** 31n), 2n ** 31n - 1n);
/** Numbers of enums. */
export const ENUM: NumberRange = { ...INT32, isEnum: true };
/** Numbers of `uint64` fields. */
export const UINT64 = numberRange(0n, 2n ** 64n - 1n);
/** Numbers of `int64` fields. */
export const INT64 = numberRange(-(2n ** 63n), 2n ** 63n - 1n);

/** The whole numbers from `minimum`, at most 0, to `maximum`, at least 0: as bigints, and as the numbers that doubles hold. */
export function numberRange(minimum: bigint, maximum: bigint): NumberRange {
  const numbers = { minimum: doubleWithin(minimum), maximum: doubleWithin(maximum), isEnum: false };
  const isExact = BigInt.asIntN(54, minimum) === minimum && BigInt.asIntN(54, maximum) === maximum;
  return isExact ? numbers : { ...numbers, wide: { minimum, maximum } };
}

/** The nearest double that is not farther from 0 than `bound`. */
function doubleWithin(bound: bigint): number {
  const nearest = Number(bound);
  if (bound < 0n ? BigInt(nearest) >= bound : BigInt(nearest) <= bound) return nearest;
  doubles[0] = nearest;
  // The bits of a double, without its sign, increase with its distance from 0.
  doubleBits[0]!--;
  return doubles[0];
}

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
