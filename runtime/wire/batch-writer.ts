/** A growing buffer that generated encoders append rows to. */
export class BatchWriter {
  bytes: Uint8Array;
  position = 0;
  rowCount = 0;

  constructor(initialBytes = 65536) {
    this.bytes = new Uint8Array(initialBytes);
  }

  /** Makes room for `count` more bytes. */
  ensure(count: number): void {
    const needed = this.position + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.position));
    this.bytes = grown;
  }

  /** Appends rows that are encoded already. */
  append(source: Uint8Array, start: number, end: number, rowCount: number): void {
    this.ensure(end - start);
    this.bytes.set(source.subarray(start, end), this.position);
    this.position += end - start;
    this.rowCount += rowCount;
  }

  /** The rows written so far, as a copy of their own; the writer starts anew. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.position);
    this.reset();
    return taken;
  }

  /** Takes back the last row, which began at `position`. */
  rewind(position: number): void {
    this.position = position;
    this.rowCount--;
  }

  reset(): void {
    this.position = 0;
    this.rowCount = 0;
  }
}
