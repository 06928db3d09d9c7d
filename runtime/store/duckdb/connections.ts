import type { QueryKind } from "../query-store.js";
import { type Connect, ConnectionPool, type PoolLimits } from "./connection-pool.js";

/** Several, so that pages get processor time beside commits and costly queries, each of which occupies a processor for long. */
const PAGES: PoolLimits = { connections: 4, maxWaiting: 256, maxWaitMs: 5000 };
const COSTLY: PoolLimits = { connections: 1, maxWaiting: 16, maxWaitMs: 5000 };
/** The exporter bounds how many there are, and each waits for its turn. */
const EXPORTS: PoolLimits = { connections: 1 };
const DIRECTORY: PoolLimits = { connections: 2, maxWaiting: 256, maxWaitMs: 5000 };

/** Statements that run at once when each kind of work has its connections, and some threads for files and names besides. */
const ENOUGH_THREADS = 10;
/** Threads of libuv's pool unless the environment has another number (libuv's guide, "Thread pool work scheduling"). */
const DEFAULT_THREADS = 4;

/**
 * The connections of a database, by their use.
 *
 * A statement occupies one of libuv's threads while it runs. So that a commit never waits for a thread until a long query ends, only one page
 * is read at a time where there are few threads: `wireloom` starts with {@link ENOUGH_THREADS}, a program that embeds it may have four.
 */
export class Connections {
  /** Takes rows in; alone, because DuckDB's transactions that write refuse each other. */
  readonly write: ConnectionPool;
  /** Serves the store's own tables: agents and sessions. */
  readonly directory: ConnectionPool;
  readonly #queries: Readonly<Record<QueryKind, ConnectionPool>>;

  constructor(connect: Connect, threads = Number(process.env["UV_THREADPOOL_SIZE"] ?? DEFAULT_THREADS)) {
    const isRoomy = threads >= ENOUGH_THREADS;
    this.write = new ConnectionPool(connect, { connections: 1 });
    this.directory = new ConnectionPool(connect, isRoomy ? DIRECTORY : { ...DIRECTORY, connections: 1 });
    this.#queries = {
      page: new ConnectionPool(connect, isRoomy ? PAGES : { ...PAGES, connections: 1 }),
      costly: new ConnectionPool(connect, COSTLY),
      export: new ConnectionPool(connect, EXPORTS),
    };
  }

  /** The connections of a kind of query. */
  of(kind: QueryKind): ConnectionPool {
    return this.#queries[kind];
  }

  /** True while a statement reads. */
  get isReading(): boolean {
    return [this.directory, ...Object.values(this.#queries)].some((pool) => pool.isInUse);
  }

  /** Waits for statements that run, and closes all connections. */
  async close(): Promise<void> {
    const pools = [this.write, this.directory, ...Object.values(this.#queries)];
    await Promise.all(pools.map((pool) => pool.close()));
  }
}
