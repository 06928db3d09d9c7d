const TWO_32 = 4294967296;

/**
 * Nanoseconds since the Unix epoch as two unsigned 32-bit halves, so that the hot path keeps full precision
 * without allocating a bigint.
 */
export class Timestamp {
  high = 0;
  low = 0;

  /** True once a time has been set since the last reset; a field declared `optional` is null until then. */
  get isPresent(): boolean {
    return this.high !== 0 || this.low !== 0;
  }

  /** Sets the time from seconds (0 to 2^34) and nanoseconds (0 to 2^32). */
  set(seconds: number, nanoseconds: number): void {
    // Each partial product stays below 2^53: seconds are split at 16 bits before they are multiplied.
    const upper = Math.floor(seconds / 65536) * 1e9;
    const lower = (seconds % 65536) * 1e9 + nanoseconds + (upper % 65536) * 65536;
    this.high = (Math.floor(upper / 65536) + Math.floor(lower / TWO_32)) >>> 0;
    this.low = (lower % TWO_32) >>> 0;
  }

  /** Copies another time. */
  copy(other: Timestamp): void {
    this.high = other.high;
    this.low = other.low;
  }

  /** Back to the unset time. */
  reset(): void {
    this.high = 0;
    this.low = 0;
  }

  /** Nanoseconds from `earlier` to this time; exact below 2^53 (104 days), negative when `earlier` is later. */
  nanosecondsSince(earlier: Timestamp): number {
    return (this.high - earlier.high) * TWO_32 + (this.low - earlier.low);
  }

  /** The time as nanoseconds since the Unix epoch. */
  toBigInt(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low);
  }
}
