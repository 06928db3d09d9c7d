/** Unit of the upper half of a time, in nanoseconds. */
export const TWO_32 = 4294967296;

/**
 * Nanoseconds from an earlier time to a later one, each as the two 32-bit halves that tables keep; exact below 2^53 (104 days), negative
 * in the other direction.
 */
export function nanosecondsBetween(earlierHigh: number, earlierLow: number, high: number, low: number): number {
  return (high - earlierHigh) * TWO_32 + (low - earlierLow);
}
