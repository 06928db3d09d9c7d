/** Initial and minimum size of the buffer, in bytes. */
const INITIAL_BYTES = 64 * 1024;
/** Longest row, in words, that is copied word by word: up to this length, that is cheaper than one call. */
const MAX_COPIED_WORDS = 128;
const NO_WORDS = new Int32Array(0);

/** Position of one row in {@link RequestRows.bytes}. */
export interface RowPlaces {
  /** By slot, start of its row. */
  readonly starts: Uint32Array;
  /** By slot, length of its row; 0 without a row. */
  readonly lengths: Uint32Array;
}

/**
 * The encoded rows of open requests, in the order in which they were added, each at a multiple of four bytes. Space of removed rows is
 * reused when the end of the buffer is reached.
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

  /** `maxBytes` limits the total size. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether a row of `lengthBytes` can be added, after {@link makeRoom} if there is not enough space at the end. */
  hasRoom(lengthBytes: number): boolean {
    // A quarter is left free, so that compaction pays off.
    return this.#liveBytes + padded(lengthBytes) <= this.#maxBytes - (this.#maxBytes >> 2);
  }

  /** Whether the row fits at the end of the buffer. */
  fits(lengthBytes: number): boolean {
    return this.#end + padded(lengthBytes) <= this.bytes.length;
  }

  /** Compacts the rows of `slots`, in the order in which they were added, into a larger buffer if they fill half of this one. */
  makeRoom(lengthBytes: number, slots: Iterable<number>, { starts, lengths }: RowPlaces): void {
    const needed = this.#liveBytes + padded(lengthBytes);
    const from = this.bytes;
    let size = from.length;
    while (size < needed * 2 && size < this.#maxBytes) size *= 2;
    // A single row may be larger than the total limit.
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

  /** Adds `row[0, lengthBytes)`, for which {@link fits} is true, and returns its start. */
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

  /** Adds the row at `start`, for which {@link fits} is true, again, and returns its new start. */
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

  /** Records that a row of `lengthBytes` was removed. */
  remove(lengthBytes: number): void {
    this.#liveBytes -= padded(lengthBytes);
    if (this.#liveBytes === 0) this.#end = 0;
  }
}

/** Bytes occupied by a row of `lengthBytes`. */
function padded(lengthBytes: number): number {
  return (lengthBytes + 3) & ~3;
}
