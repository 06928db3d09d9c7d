import type { DuckDBConnection } from "@duckdb/node-api";
import type { ConnectionPool } from "./connection-pool.js";
import { CHECKPOINT_MIB, ROW_GROUP_ROWS } from "./open-database.js";

/** Checkpoints and large transactions, each of which can leave a partly filled row group in a table, between two merges. */
const CHECKPOINTS_PER_MERGE = 64;
/** Typical bytes of log for a byte of encoded rows. */
const LOG_BYTES_PER_ROW_BYTE = 3;

/** What a {@link RowGroupMerge} works with. */
export interface MergeOptions {
  /** Has the only connection that writes. */
  readonly pool: ConnectionPool;
  /** True while a statement reads: DuckDB merges nothing that an open transaction may have to see as it was. */
  readonly isReading: () => boolean;
  /** Resolves with false where the disk has too little room for a merge. */
  readonly hasRoom: () => Promise<boolean>;
  /** Takes what a merge failed with. */
  readonly onError: (error: unknown) => void;
}

/**
 * Merges partly filled row groups once in {@link CHECKPOINTS_PER_MERGE} checkpoints, and after a start.
 *
 * Each checkpoint leaves a partly filled row group in every table with new rows, and so does a transaction that fills row groups. By default
 * DuckDB merges them in the next checkpoint: it rewrites up to four row groups to save one, and no commit can run meanwhile. The database is
 * therefore opened with `max_vacuum_tasks` 0, which is 1 for one checkpoint here: one merge in each table, enough for a small table to become
 * one row group. A merge waits for a moment without readers and with room on the disk.
 */
export class RowGroupMerge {
  readonly #options: MergeOptions;
  #checkpoints = CHECKPOINTS_PER_MERGE;
  #isRunning = false;

  constructor(options: MergeOptions) {
    this.#options = options;
  }

  /** Counts a transaction that stored rows of this many encoded bytes, and starts a merge when one is due; the next transaction waits for it. */
  afterCommit(rowCount: number, byteCount: number): void {
    const checkpoints = Math.min(1, (byteCount * LOG_BYTES_PER_ROW_BYTE) / (CHECKPOINT_MIB << 20));
    this.#checkpoints += rowCount >= ROW_GROUP_ROWS ? 1 : checkpoints;
    if (this.#checkpoints < CHECKPOINTS_PER_MERGE || this.#isRunning || this.#options.isReading()) return;
    this.#isRunning = true;
    void this.#merge()
      .catch(this.#options.onError)
      .finally(() => {
        this.#isRunning = false;
      });
  }

  async #merge(): Promise<void> {
    const { pool, hasRoom, isReading } = this.#options;
    if (!(await hasRoom())) return;
    const connection = await pool.acquire();
    try {
      if (isReading()) return;
      // A merge that fails is tried again when the next one is due, not after each transaction.
      this.#checkpoints = 0;
      await mergeRowGroups(connection);
    } finally {
      pool.release(connection);
    }
  }
}

async function mergeRowGroups(connection: DuckDBConnection): Promise<void> {
  // Where nothing has changed since the last checkpoint, another one does nothing.
  await connection.run("CREATE OR REPLACE SEQUENCE wireloom_merge");
  await connection.run("SET GLOBAL max_vacuum_tasks = 1");
  try {
    await connection.run("CHECKPOINT");
  } finally {
    await connection.run("SET GLOBAL max_vacuum_tasks = 0");
  }
}
