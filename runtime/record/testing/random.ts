/** A seeded source of numbers (mulberry32), so that random records are the same in every run. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number {
    return Math.floor((this.uint32() / 4294967296) * bound);
  }

  /** True once in `n` calls, on average. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  /** A whole number below 2^53, of any length in bits. */
  count(): number {
    return Math.floor((this.uint32() * 2097152 + this.below(2097152)) / 2 ** this.below(53));
  }

  /** A whole number from -2^31 to 2^31 - 1, of any length in bits. */
  int32(): number {
    return (this.uint32() | 0) >> this.below(32);
  }
}
