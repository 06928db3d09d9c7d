import type { DuckDBConnection } from "@duckdb/node-api";
import { WireloomError } from "../../wireloom-error.js";
import { throwIfCanceled } from "../sql/interruptible.js";

/** Bounds of a {@link ConnectionPool}. */
export interface PoolLimits {
  /** Connections, and so statements that run at once. */
  readonly connections: number;
  /** Requests that may wait for a connection; one more is refused at once. Without a bound where absent. */
  readonly maxWaiting?: number;
  /** Milliseconds that a request waits for a connection before it is refused. Without a bound where absent. */
  readonly maxWaitMs?: number;
}

/** Opens one more connection. */
export type Connect = () => Promise<DuckDBConnection>;

interface Waiting {
  readonly resolve: (connection: DuckDBConnection) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Connections of one kind of work. Ingest, health and each kind of query have a pool of their own, so that none of them waits for
 * another's statements.
 */
export class ConnectionPool {
  readonly #connect: Connect;
  readonly #limits: PoolLimits;
  readonly #idle: DuckDBConnection[] = [];
  readonly #waiting = new Set<Waiting>();
  #openCount = 0;
  #isClosing = false;
  #onAllIdle: (() => void) | undefined;

  constructor(connect: Connect, limits: PoolLimits) {
    this.#connect = connect;
    this.#limits = limits;
  }

  /** True while one of its connections is in use. */
  get isInUse(): boolean {
    return this.#idle.length < this.#openCount;
  }

  /**
   * A connection for one use; give it back with {@link release}. Rejects with `overloaded` when too many requests wait or this one
   * has waited too long, with `unavailable` when the store closes, and with `canceled` when the signal aborts.
   */
  async acquire(signal?: AbortSignal): Promise<DuckDBConnection> {
    throwIfCanceled(signal);
    if (this.#isClosing) throw closedError();
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#openCount === this.#limits.connections) return this.#wait(signal);
    this.#openCount++;
    try {
      return await this.#connect();
    } catch (error) {
      this.#openCount--;
      // A request that waits would wait for a connection that does not exist.
      if (this.#openCount === 0) for (const waiting of [...this.#waiting]) waiting.reject(error);
      if (this.#idle.length === this.#openCount) this.#onAllIdle?.();
      throw error;
    }
  }

  release(connection: DuckDBConnection): void {
    const next = this.#waiting.values().next().value;
    if (next !== undefined) {
      this.#waiting.delete(next);
      next.resolve(connection);
      return;
    }
    this.#idle.push(connection);
    if (this.#idle.length === this.#openCount) this.#onAllIdle?.();
  }

  /** Refuses requests that wait, waits for the connections that are in use, and closes all. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const waiting of this.#waiting) waiting.reject(closedError());
    this.#waiting.clear();
    if (this.#idle.length < this.#openCount) {
      await new Promise<void>((resolve) => {
        this.#onAllIdle = resolve;
      });
    }
    for (const connection of this.#idle.splice(0)) connection.closeSync();
    this.#openCount = 0;
  }

  #wait(signal: AbortSignal | undefined): Promise<DuckDBConnection> {
    const { maxWaiting = Number.POSITIVE_INFINITY, maxWaitMs } = this.#limits;
    if (this.#waiting.size >= maxWaiting) return Promise.reject(overloadedError());
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#waiting.delete(waiting);
      };
      const waiting: Waiting = {
        resolve: (connection) => {
          end();
          resolve(connection);
        },
        reject: (reason) => {
          end();
          reject(reason);
        },
      };
      const onAbort = (): void => waiting.reject(new WireloomError("canceled", "the query was canceled"));
      const timer =
        maxWaitMs === undefined ? undefined : setTimeout(() => waiting.reject(overloadedError()), maxWaitMs);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(waiting);
    });
  }
}

function closedError(): WireloomError {
  return new WireloomError("unavailable", "the store is closed");
}

function overloadedError(): WireloomError {
  return new WireloomError("overloaded", "too many queries are running or waiting; try again in a moment");
}
