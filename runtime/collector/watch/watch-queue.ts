import type { Row } from "../../schema/value.js";

/** Rows that wait for one watcher at most. */
const MAX_WAITING_ROWS = 10_000;
/** Rows handed over at once at most. */
const MAX_ROWS = 500;

/** Rows for a watcher, in the order of their commit. */
export interface WatchedRows {
  readonly rows: readonly Row[];
  /** Rows left out before these, because the watcher did not keep up. */
  readonly missed: bigint;
}

/** Rows between commits and one watcher: bounded, and what does not fit is counted. */
export class WatchQueue implements AsyncIterable<WatchedRows> {
  readonly #signal: AbortSignal;
  #rows: Row[] = [];
  #missed = 0n;
  #wake: (() => void) | undefined;

  /** Ends with the signal. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get isFull(): boolean {
    return this.#rows.length === MAX_WAITING_ROWS;
  }

  push(row: Row): void {
    this.#rows.push(row);
    this.#wake?.();
  }

  /** Counts a row that found the queue full. */
  miss(): void {
    this.#missed++;
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
        const missed = this.#missed;
        this.#missed = 0n;
        yield { rows: this.#rows.splice(0, MAX_ROWS), missed };
      }
    } finally {
      this.#signal.removeEventListener("abort", wake);
    }
  }
}
