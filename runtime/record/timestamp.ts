import { DOUBLE } from "./double.js";
import { nanosecondsBetween, TWO_32 } from "./nanoseconds-between.js";

const TWO_63 = 2 ** 63;

/**
 * Nanoseconds since the Unix epoch as two unsigned 32-bit halves, so that the hot path keeps full precision
 * without allocating a bigint.
 */
export class Timestamp {
  high = 0;
  low = DOUBLE;

  constructor() {
    this.low = 0;
    Object.preventExtensions(this);
  }

  /** True after a time has been set since the last reset; a field declared `optional` is null before. */
  get isPresent(): boolean {
    return this.high !== 0 || this.low !== 0;
  }

  /** Whether the time fits 63 bits, as in databases: from 1970 to 2262-04-11. */
  get isInRange(): boolean {
    return (this.high & 0x7fffffff) === this.high && this.low >>> 0 === this.low;
  }

  /**
   * Sets the time from seconds and nanoseconds since the Unix epoch; exact within 2^34 seconds. A time that is not
   * {@link isInRange} stays one that is not, and encoders leave it out.
   */
  set(seconds: number, nanoseconds: number): void {
    // Each partial product stays below 2^53: seconds are split at 16 bits before they are multiplied.
    const upper = Math.floor(seconds / 65536) * 1e9;
    const lower = (seconds % 65536) * 1e9 + nanoseconds + (upper % 65536) * 65536;
    const high = Math.floor(upper / 65536) + Math.floor(lower / TWO_32);
    this.high = high >>> 0 === high ? high >>> 0 : high;
    this.low = (lower % TWO_32) >>> 0;
  }

  /** Moves the time on by nanoseconds, from 0 to 2^53. */
  add(nanoseconds: number): void {
    const low = this.low + nanoseconds;
    this.high += Math.floor(low / TWO_32);
    this.low = low % TWO_32;
  }

  /** Copies another time. */
  copy(other: Timestamp): void {
    this.high = other.high;
    this.low = other.low;
  }

  /** Resets the time to unset. */
  reset(): void {
    this.high = 0;
    this.low = 0;
  }

  /** Nanoseconds from `earlier` to this time; exact below 2^53 (104 days), negative when `earlier` is later. */
  nanosecondsSince(earlier: Timestamp): number {
    return nanosecondsBetween(earlier.high, earlier.low, this.high, this.low);
  }

  /** Nanoseconds since the Unix epoch as a number, rounded: for today's times to 256 ns. */
  get nanoseconds(): number {
    return this.high * TWO_32 + this.low;
  }

  /** Sets a time that is not {@link isInRange} to the nearest valid one; a time that is not a number becomes the epoch. */
  bound(): void {
    const { nanoseconds } = this;
    if (nanoseconds >= TWO_63) {
      this.high = 0x7fffffff;
      this.low = 0xffffffff;
    } else if (nanoseconds >= 0) {
      this.high = Math.floor(nanoseconds / TWO_32);
      this.low = Math.floor(nanoseconds % TWO_32);
    } else this.reset();
  }

  /** The time as nanoseconds since the Unix epoch. */
  toBigInt(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low);
  }
}
