import type { WireloomError } from "../wireloom-error.js";
import type { StoreHealth } from "./ingest-store.js";

/** Milliseconds for which a failed commit is reported, longer than an agent waits before it sends its rows again. */
const FAILURE_MS = 60_000;

/**
 * Whether a store takes rows, as the last of its transactions shows. A transaction without rows may succeed on a disk that has no room for
 * rows: it ends the report of a failure only after {@link FAILURE_MS} without another one.
 */
export class WriteHealth {
  readonly #recoveryListeners = new Set<() => void>();
  #failure: WireloomError | undefined;
  #failedAt = 0;

  /** The failure of the last transaction, where it failed. */
  get health(): StoreHealth {
    return this.#failure === undefined ? { isWorking: true } : { isWorking: false, error: this.#failure };
  }

  /** Calls back when a transaction succeeds after others failed; the returned function ends that. */
  onRecovery(listener: () => void): () => void {
    this.#recoveryListeners.add(listener);
    return () => this.#recoveryListeners.delete(listener);
  }

  /** Notes a failed transaction, unless its rows were the cause. */
  fail(error: WireloomError): void {
    this.#failure = error;
    this.#failedAt = performance.now();
  }

  /** Notes a transaction that was committed. */
  succeed(hasRows: boolean): void {
    if (this.#failure === undefined || (!hasRows && performance.now() - this.#failedAt <= FAILURE_MS)) return;
    this.#failure = undefined;
    for (const listener of this.#recoveryListeners) listener();
  }
}
