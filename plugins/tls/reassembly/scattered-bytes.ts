import { handshakeBuffers } from "./buffer-pool.js";

const FIRST_BYTES = 1024;

/** Largest number of separate stretches; handshakes that are shuffled on purpose have about ten. */
const MAX_STRETCHES = 64;

/**
 * Reassembles bytes that arrive in pieces, in any order and repeatedly, each with its offset:
 *
 * ```
 *   0     4        9      14
 *   ├─────┤        ├──────┤        stretches [0, 4, 9, 14]
 *   │known│  ???   │known │
 * ```
 *
 * Keeps at most `maxBytes`; pieces beyond, or that would be one stretch too many, are omitted. The bytes belong to the pool.
 */
export class ScatteredBytes {
  readonly #buffer = handshakeBuffers.lend();
  /** A piece was omitted, or the pool took the bytes back. */
  overflowed = false;
  readonly #maxBytes: number;
  /** Start and end of each stretch, in order, none touching the next. */
  #stretches: number[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The bytes, of which `bytes[0, length)` are complete. */
  get bytes(): Uint8Array {
    return this.#buffer.bytes;
  }

  /** Bytes received from the first one on without a hole; 0 once they are given back. */
  get length(): number {
    const isBegun = this.#stretches[0] === 0 && !this.#buffer.isTakenBack;
    return isBegun ? this.#stretches[1]! : 0;
  }

  /** The bytes are no longer needed. */
  giveBack(): void {
    handshakeBuffers.giveBack(this.#buffer);
  }

  /** Takes `source[at, end)`, the bytes from `offset` on. Bytes that were received before are not replaced. */
  add(offset: number, source: Uint8Array, at: number, end: number): void {
    const stop = offset + end - at;
    if (stop === offset) return;
    if (stop > this.#maxBytes || !this.#reserve(stop)) {
      this.overflowed = true;
      return;
    }
    const merged: number[] = [];
    let start = offset;
    let last = stop;
    // Offset of the next byte that is not known yet.
    let next = offset;
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
    if (merged.length === MAX_STRETCHES * 2) {
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

  /** False if the pool took the bytes back. */
  #reserve(length: number): boolean {
    const { bytes, isTakenBack } = this.#buffer;
    if (length <= bytes.length) return true;
    if (isTakenBack) return false;
    return handshakeBuffers.extend(
      this.#buffer,
      Math.min(this.#maxBytes, Math.max(FIRST_BYTES, bytes.length * 2, length)),
    );
  }
}
