/** Bytes of rows that are allocated at first, and at least. */
const INITIAL_BYTES = 64 * 1024;
/** Longest row, in words, that is copied word by word: up to there that costs less than a call for all of it. */
const MAX_COPIED_WORDS = 128;
const NO_WORDS = new Int32Array(0);

/** Place of one row in {@link RequestRows.bytes}. */
export interface RowPlaces {
  /** By slot, where its row starts. */
  readonly starts: Uint32Array;
  /** By slot, how long its row is; 0 for a slot without one. */
  readonly lengths: Uint32Array;
}

/**
 * The encoded rows of open requests, one after the other in the order in which they came, each at a multiple of four bytes; what the ones
 * that left leave free is used again when the end is reached.
 */
export class RequestRows {
  bytes = new Uint8Array(INITIAL_BYTES);
  readonly #maxBytes: number;
  /** The same memory, and that of the row that was added last. */
  #words: Int32Array = new Int32Array(this.bytes.buffer);
  #row: Uint8Array = this.bytes;
  #rowWords: Int32Array = this.#words;
  #end = 0;
  #liveBytes = 0;

  /** Of `maxBytes` together, at most. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** True where a row of `lengthBytes` can be added, once {@link makeRoom} has been called if there is none at the end. */
  hasRoom(lengthBytes: number): boolean {
    // A quarter is left free, so that moving the rows together is worth its while.
    return this.#liveBytes + padded(lengthBytes) <= this.#maxBytes - (this.#maxBytes >> 2);
  }

  /** True where the row fits after the others as they are. */
  fits(lengthBytes: number): boolean {
    return this.#end + padded(lengthBytes) <= this.bytes.length;
  }

  /** Moves the rows of `slots`, in the order in which they came, together; into a larger buffer where they fill half of this one. */
  makeRoom(lengthBytes: number, slots: Iterable<number>, { starts, lengths }: RowPlaces): void {
    const needed = this.#liveBytes + padded(lengthBytes);
    const from = this.bytes;
    let size = from.length;
    while (size < needed * 2 && size < this.#maxBytes) size *= 2;
    // A single row may be larger than all are to be.
    size = padded(Math.max(needed, Math.min(size, this.#maxBytes)));
    const to = size <= from.length ? from : new Uint8Array(size);
    let at = 0;
    for (const slot of slots) {
      const start = starts[slot]!;
      const end = start + lengths[slot]!;
      if (to === from) to.copyWithin(at, start, end);
      else to.set(from.subarray(start, end), at);
      starts[slot] = at;
      at += padded(end - start);
    }
    this.bytes = to;
    this.#words = new Int32Array(to.buffer);
    this.#end = at;
  }

  /** Adds `row[0, lengthBytes)`, which {@link fits}, and returns where it starts. */
  add(row: Uint8Array, lengthBytes: number): number {
    if (row !== this.#row) {
      this.#row = row;
      this.#rowWords = row.byteOffset === 0 ? new Int32Array(row.buffer, 0, row.buffer.byteLength >> 2) : NO_WORDS;
    }
    const words = (lengthBytes + 3) >> 2;
    if (words > MAX_COPIED_WORDS || words > this.#rowWords.length) {
      this.bytes.set(row.subarray(0, lengthBytes), this.#end);
    } else {
      const from = this.#rowWords;
      const to = this.#words;
      const at = this.#end >> 2;
      for (let i = 0; i < words; i++) to[at + i] = from[i]!;
    }
    return this.#take(lengthBytes);
  }

  /** Adds the row at `start`, which {@link fits}, once more, and returns where it starts now. */
  addAgain(start: number, lengthBytes: number): number {
    this.bytes.copyWithin(this.#end, start, start + lengthBytes);
    return this.#take(lengthBytes);
  }

  #take(lengthBytes: number): number {
    const at = this.#end;
    this.#end = at + padded(lengthBytes);
    this.#liveBytes += padded(lengthBytes);
    return at;
  }

  /** A row of `lengthBytes` left. */
  remove(lengthBytes: number): void {
    this.#liveBytes -= padded(lengthBytes);
    if (this.#liveBytes === 0) this.#end = 0;
  }
}

/** Bytes that a row of `lengthBytes` takes. */
function padded(lengthBytes: number): number {
  return (lengthBytes + 3) & ~3;
}
