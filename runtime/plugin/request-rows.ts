/** Bytes of rows that are allocated at first, and at least. */
const INITIAL_BYTES = 64 * 1024;

/** Place of one row in {@link RequestRows.bytes}. */
export interface RowPlaces {
  /** By slot, where its row starts. */
  readonly starts: Uint32Array;
  /** By slot, how long its row is; 0 for a slot without one. */
  readonly lengths: Uint32Array;
}

/**
 * The encoded rows of open requests, one after the other in the order in which they came; what the ones that left leave free is used
 * again when the end is reached.
 */
export class RequestRows {
  bytes = new Uint8Array(INITIAL_BYTES);
  readonly #maxBytes: number;
  #end = 0;
  #liveBytes = 0;

  /** Of `maxBytes` together, at most. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** True where a row of `lengthBytes` can be added, once {@link makeRoom} has been called if there is none at the end. */
  hasRoom(lengthBytes: number): boolean {
    // A quarter is left free, so that moving the rows together is worth its while.
    return this.#liveBytes + lengthBytes <= this.#maxBytes - (this.#maxBytes >> 2);
  }

  /** True where the row fits after the others as they are. */
  fits(lengthBytes: number): boolean {
    return this.#end + lengthBytes <= this.bytes.length;
  }

  /** Moves the rows of `slots`, in the order in which they came, together; into a larger buffer where they fill half of this one. */
  makeRoom(lengthBytes: number, slots: Iterable<number>, { starts, lengths }: RowPlaces): void {
    const needed = this.#liveBytes + lengthBytes;
    const from = this.bytes;
    let size = from.length;
    while (size < needed * 2 && size < this.#maxBytes) size *= 2;
    // A single row may be larger than all are to be.
    size = Math.max(needed, Math.min(size, this.#maxBytes));
    const to = size <= from.length ? from : new Uint8Array(size);
    let at = 0;
    for (const slot of slots) {
      const start = starts[slot]!;
      const end = start + lengths[slot]!;
      if (to === from) to.copyWithin(at, start, end);
      else to.set(from.subarray(start, end), at);
      starts[slot] = at;
      at += end - start;
    }
    this.bytes = to;
    this.#end = at;
  }

  /** Adds `row[0, lengthBytes)`, which {@link fits}, and returns where it starts. */
  add(row: Uint8Array, lengthBytes: number): number {
    const at = this.#end;
    this.bytes.set(row.subarray(0, lengthBytes), at);
    this.#end = at + lengthBytes;
    this.#liveBytes += lengthBytes;
    return at;
  }

  /** A row of `lengthBytes` left. */
  remove(lengthBytes: number): void {
    this.#liveBytes -= lengthBytes;
    if (this.#liveBytes === 0) this.#end = 0;
  }
}
