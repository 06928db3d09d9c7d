import type { DuckDBConnection } from "@duckdb/node-api";
import type { IngestSegment } from "../store.js";
import type { ConnectionPool } from "./connection-pool.js";
import { CHECKPOINT_MIB, ROW_GROUP_ROWS } from "./open-database.js";

/** Row groups that are not full, in a table, after which they are merged. */
const MAX_PARTIAL_GROUPS = 64;
/** How much of the log a byte of encoded rows makes, about. */
const LOG_FACTOR = 3;

/**
 * Merges row groups that are not full, now and then.
 *
 * Each checkpoint leaves a row group that is not full in every table that has new rows, and so does each transaction that fills row groups.
 * DuckDB would merge them in the next checkpoint, and rewrite up to four row groups for one less while no rows can be committed: milliseconds
 * become seconds. It must not, as the database is opened, but for one checkpoint after {@link MAX_PARTIAL_GROUPS} that left such groups, and
 * then in one place of each table. That is enough for tables of few rows, whose row groups all become one.
 */
export class RowGroupMerge {
  readonly #pool: ConnectionPool;
  #partialGroups = 0;

  /** `pool` has the only connection that writes. */
  constructor(pool: ConnectionPool) {
    this.#pool = pool;
  }

  /** Counts a transaction that stored these segments. When it is time, it merges: the next transaction waits for that, not this one. */
  afterCommit(segments: readonly IngestSegment[]): void {
    const rowCount = segments.reduce((sum, { count }) => sum + count, 0);
    const byteCount = segments.reduce((sum, { rows }) => sum + rows.length, 0);
    const checkpoints = Math.min(1, (byteCount * LOG_FACTOR) / (CHECKPOINT_MIB << 20));
    this.#partialGroups += rowCount >= ROW_GROUP_ROWS ? 1 : checkpoints;
    if (this.#partialGroups < MAX_PARTIAL_GROUPS) return;
    this.#partialGroups = 0;
    // A database that cannot be written fails in the next transaction as well, which reports it.
    void this.#merge().catch(() => undefined);
  }

  async #merge(): Promise<void> {
    const connection = await this.#pool.acquire();
    try {
      await mergeRowGroups(connection);
    } finally {
      this.#pool.release(connection);
    }
  }
}

async function mergeRowGroups(connection: DuckDBConnection): Promise<void> {
  await connection.run("SET GLOBAL max_vacuum_tasks = 1");
  try {
    await connection.run("CHECKPOINT");
  } finally {
    await connection.run("SET GLOBAL max_vacuum_tasks = 0");
  }
}
