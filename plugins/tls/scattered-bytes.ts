const FIRST_BYTES = 1024;

/** Most stretches that are apart at once; handshakes that are shuffled on purpose have about ten. */
const MOST_STRETCHES = 64;

/**
 * Puts bytes together that come in pieces, in any order and repeatedly, each with its place:
 *
 * ```
 *   0     4        9      14
 *   ├─────┤        ├──────┤        stretches [0, 4, 9, 14]
 *   │known│  ???   │known │
 * ```
 *
 * Holds at most `maxBytes`; what lies beyond, and what would be one stretch too many, is left out.
 */
export class ScatteredBytes {
  /** The bytes; `bytes[0, length)` have come. */
  bytes = new Uint8Array(0);
  /** Something was left out. */
  overflowed = false;
  readonly #maxBytes: number;
  /** Start and end of each stretch, in order, none touching the next. */
  #stretches: number[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes from the first one on that have come without a hole. */
  get length(): number {
    return this.#stretches[0] === 0 ? this.#stretches[1]! : 0;
  }

  /** Takes `source[at, end)`, the bytes from `offset` on. Those that came before stay as they were first. */
  add(offset: number, source: Uint8Array, at: number, end: number): void {
    const stop = offset + end - at;
    if (stop === offset) return;
    if (stop > this.#maxBytes) {
      this.overflowed = true;
      return;
    }
    const merged: number[] = [];
    let start = offset;
    let last = stop;
    // Where the next byte belongs that is not known yet.
    let next = offset;
    this.#reserve(stop);
    for (let i = 0; i < this.#stretches.length; i += 2) {
      const from = this.#stretches[i]!;
      const to = this.#stretches[i + 1]!;
      if (to < offset || from > stop) {
        merged.push(from, to);
        continue;
      }
      if (from > next) this.#copy(next, Math.min(from, stop), offset, source, at);
      next = Math.max(next, to);
      start = Math.min(start, from);
      last = Math.max(last, to);
    }
    if (next < stop) this.#copy(next, stop, offset, source, at);
    if (merged.length === MOST_STRETCHES * 2) {
      this.overflowed = true;
      return;
    }
    let place = 0;
    while (place < merged.length && merged[place]! < start) place += 2;
    merged.splice(place, 0, start, last);
    this.#stretches = merged;
  }

  #copy(from: number, to: number, offset: number, source: Uint8Array, at: number): void {
    this.bytes.set(source.subarray(at + from - offset, at + to - offset), from);
  }

  #reserve(length: number): void {
    if (length <= this.bytes.length) return;
    const grown = new Uint8Array(Math.min(this.#maxBytes, Math.max(FIRST_BYTES, this.bytes.length * 2, length)));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}
