const INITIAL_BYTES = 2048;
const NO_BYTES = new Uint8Array(0);

/** Bytes of one direction that its decoder has not consumed, contiguous, in a buffer that grows and is released when it is empty. */
export class HeldBytes {
  bytes: Uint8Array = NO_BYTES;
  start = 0;
  end = 0;

  get length(): number {
    return this.end - this.start;
  }

  /** Appends `source[start, end)`. */
  append(source: Uint8Array, start: number, end: number): void {
    const added = end - start;
    if (this.end + added > this.bytes.length) this.#makeRoom(added);
    const { bytes } = this;
    let at = this.end;
    if (added > 64) bytes.set(source.subarray(start, end), at);
    else for (let i = start; i < end; i++) bytes[at++] = source[i]!;
    this.end += added;
  }

  /** Drops the first `count` bytes. */
  drop(count: number): void {
    this.start += count;
    if (this.start === this.end) this.clear();
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
    if (this.bytes.length > INITIAL_BYTES * 16) this.bytes = NO_BYTES;
  }

  #makeRoom(added: number): void {
    const { length } = this;
    const needed = length + added;
    if (needed <= this.bytes.length >> 1) this.bytes.copyWithin(0, this.start, this.end);
    else {
      const grown = new Uint8Array(Math.max(INITIAL_BYTES, 2 ** Math.ceil(Math.log2(needed))));
      grown.set(this.bytes.subarray(this.start, this.end));
      this.bytes = grown;
    }
    this.start = 0;
    this.end = length;
  }
}
