import { fieldEnd } from "./length-delimited.js";

const INITIAL_BYTES = 65536;
/** A buffer that grew beyond this size in a burst is released when its rows have been taken. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;

/** Rows taken from a {@link BatchWriter}: `count` of them, in the wire form of `repeated Event rows = 1`. */
export interface TakenRows {
  readonly count: number;
  readonly rows: Uint8Array;
}

/**
 * A growing buffer to which generated encoders append rows, and from which they are taken in batches of whole rows.
 *
 * ```
 * ┌───────┬───────────────┬────────┐
 * │ taken │ row, row, row │ free   │
 * └───────┴───────────────┴────────┘
 * 0     start        position   bytes.length
 * ```
 */
export class BatchWriter {
  bytes: Uint8Array;
  position = 0;
  /** Rows between {@link start} and {@link position}. */
  rowCount = 0;
  /** Start of the first row that has not been taken. */
  start = 0;

  constructor(initialBytes = INITIAL_BYTES) {
    this.bytes = new Uint8Array(initialBytes);
  }

  /** Makes room for `count` more bytes. */
  ensure(count: number): void {
    const needed = this.position + count;
    if (needed <= this.bytes.length) return;
    if (!Number.isSafeInteger(needed)) throw new RangeError(`${count} is not a number of bytes`);
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

  /** The rows that have not been taken yet, as a copy; the writer is reset. */
  take(): Uint8Array {
    const taken = this.bytes.slice(this.start, this.position);
    this.reset();
    return taken;
  }

  /** As many whole rows as fit into `maxBytes` and `maxRows`, as a copy; none if the first row alone does not fit. */
  takeUpTo(maxBytes: number, maxRows: number): TakenRows {
    if (this.position - this.start <= maxBytes && this.rowCount <= maxRows) {
      return { count: this.rowCount, rows: this.take() };
    }
    const { bytes, start } = this;
    let end = start;
    let count = 0;
    while (count < maxRows && count < this.rowCount) {
      const next = fieldEnd(bytes, end);
      if (next - start > maxBytes) break;
      end = next;
      count++;
    }
    this.#passOver(end, count);
    return { count, rows: bytes.slice(start, end) };
  }

  /** Drops the first row. */
  dropRow(): void {
    if (this.rowCount > 0) this.#passOver(fieldEnd(this.bytes, this.start), 1);
  }

  /** Removes the last row, which began at `position`. */
  rewind(position: number): void {
    this.position = position;
    this.rowCount--;
  }

  reset(): void {
    this.position = 0;
    this.rowCount = 0;
    this.start = 0;
    if (this.bytes.length > MAX_KEPT_BYTES) this.bytes = new Uint8Array(INITIAL_BYTES);
  }

  #passOver(end: number, count: number): void {
    this.start = end;
    this.rowCount -= count;
    if (this.start === this.position) this.reset();
  }
}
