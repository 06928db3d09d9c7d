import { rowSize } from "../../schema/row-size.js";
import type { Row } from "../../schema/value.js";
import type { Pacer } from "./pacer.js";

/** Maximum rows that wait for one watcher. */
const MAX_WAITING_ROWS = 10_000;
/** Approximate maximum of bytes of rows that wait for one watcher. */
const MAX_WAITING_BYTES = 16 << 20;
/** Maximum rows passed on in a turn. */
const MAX_ROWS = 100;

/** Rows for a watcher, in the order of their commit. */
export interface WatchedRows {
  readonly rows: readonly Row[];
  /** Rows omitted before these, because the watcher did not keep up. */
  readonly missed: bigint;
}

/** Rows between commits and one watcher: bounded, and rows that do not fit are counted. */
export class WatchQueue implements AsyncIterable<WatchedRows> {
  readonly #signal: AbortSignal;
  readonly #pacer: Pacer;
  #rows: Row[] = [];
  #bytes = 0;
  #missed = 0n;
  #wake: (() => void) | undefined;

  /** Ends with the signal. Rows are passed on in the pacer's turns, because encoding them takes longer than selecting them. */
  constructor(signal: AbortSignal, pacer: Pacer) {
    this.#signal = signal;
    this.#pacer = pacer;
  }

  get isFull(): boolean {
    return this.#rows.length === MAX_WAITING_ROWS || this.#bytes >= MAX_WAITING_BYTES;
  }

  push(row: Row): void {
    this.#rows.push(row);
    this.#bytes += rowSize(row);
    this.#wake?.();
  }

  /** Counts rows that were not tested, or found the queue full. */
  miss(rows = 1): void {
    this.#missed += BigInt(rows);
  }

  async *[Symbol.asyncIterator](): AsyncIterator<WatchedRows> {
    const wake = (): void => this.#wake?.();
    this.#signal.addEventListener("abort", wake);
    try {
      while (!this.#signal.aborted) {
        if (this.#rows.length === 0) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          continue;
        }
        await this.#pacer.turn();
        const missed = this.#missed;
        this.#missed = 0n;
        const rows = this.#rows.splice(0, MAX_ROWS);
        for (const row of rows) this.#bytes -= rowSize(row);
        yield { rows, missed };
      }
    } finally {
      this.#signal.removeEventListener("abort", wake);
    }
  }
}
