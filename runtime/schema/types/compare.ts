import type { Scalar } from "./semantic-type.js";

/** Order of numbers, bigints or booleans; NaN is equal to itself and after every other number, as databases sort it. */
export function compareNumbers(left: Scalar, right: Scalar): number {
  if (typeof left === "number") {
    if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
    if (Number.isNaN(right)) return -1;
  }
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
