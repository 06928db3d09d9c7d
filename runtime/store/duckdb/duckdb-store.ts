import { Kysely } from "kysely";
import type { CollectedEvent } from "../../plugin/plugin.js";
import type { GroupCommitLimits } from "../group-commit.js";
import { interruptible } from "../sql/interruptible.js";
import { migrate } from "../sql/migrate.js";
import { SqlStore } from "../sql/sql-store.js";
import type { StoreTables } from "../sql/store-tables.js";
import type { Store } from "../store.js";
import type { StoreOptions } from "../store-backend.js";
import { Connections } from "./connections.js";
import { DuckDbDialect } from "./duckdb-dialect.js";
import { SCHEME } from "./duckdb-location.js";
import { duckdbSql } from "./duckdb-sql.js";
import { storeWrite } from "./ingest-transaction.js";
import { type OpenDatabase, openDatabase, openError, ROW_GROUP_ROWS } from "./open-database.js";
import { readRows } from "./read-rows.js";
import { RowFunction } from "./row-function.js";
import { RowGroupMerge } from "./row-group-merge.js";
import { compileSelection, MAX_LOOKED_UP_ROWS } from "./row-query.js";
import { storeError, writeError } from "./store-error.js";

const COMMIT_LIMITS: GroupCommitLimits = {
  queuedBytes: 64 << 20,
  queuedRows: 1_000_000,
  groupRows: ROW_GROUP_ROWS,
  // Half of what an agent has on its way with its default limits, so that it sends while the other half is committed.
  groupBytes: 12 << 20,
  maxGroupRows: 4 * ROW_GROUP_ROWS,
  waitMs: 200,
  busyWaitMs: 1000,
  busyRows: 8192,
  idleMs: 25,
};

/** Opens the store in a DuckDB file, or in memory for `:memory:`, with the tables of these events. */
export async function openDuckDbStore(
  path: string,
  events: readonly CollectedEvent[],
  options: StoreOptions,
): Promise<Store> {
  const database = await openDatabase(path, options);
  const connections = new Connections(() => database.connect());
  try {
    const tables = new Kysely<StoreTables>({ dialect: new DuckDbDialect(connections.write) });
    await migrate(tables, duckdbSql, path, events);
    const functions = await prepareDatabase(connections, events);
    return createStore(path, events, { database, connections, tables, functions });
  } catch (error) {
    await connections.close();
    database.close();
    throw openError(path, error);
  }
}

/** Settings of the whole database, and the functions that rows go in by. */
async function prepareDatabase(
  { write }: Connections,
  events: readonly CollectedEvent[],
): Promise<ReadonlyMap<CollectedEvent, RowFunction>> {
  const connection = await write.acquire();
  try {
    // Statements say themselves which rows are read late; those of a page are then found by a list of their row numbers.
    await connection.run("SET GLOBAL late_materialization_max_rows = 0");
    await connection.run(`SET GLOBAL dynamic_or_filter_threshold = ${MAX_LOOKED_UP_ROWS}`);
    const functions = new Map(events.map((event) => [event, new RowFunction(event)]));
    for (const rowFunction of functions.values()) await rowFunction.register(connection);
    return functions;
  } finally {
    write.release(connection);
  }
}

/** An open database, prepared for the rows of its events. */
interface PreparedDatabase {
  readonly database: OpenDatabase;
  readonly connections: Connections;
  /** On the connection that writes. */
  readonly tables: Kysely<StoreTables>;
  readonly functions: ReadonlyMap<CollectedEvent, RowFunction>;
}

function createStore(path: string, events: readonly CollectedEvent[], prepared: PreparedDatabase): Store {
  const { database, connections, tables, functions } = prepared;
  const rowGroupMerge = new RowGroupMerge({
    pool: connections.write,
    isReading: () => connections.isReading,
    hasRoom: () => database.hasRoomToMerge(),
    onError: (error) => store.fail(error),
  });
  const store = new SqlStore(`${SCHEME}:${path}`, events, {
    databaseSql: duckdbSql,
    commitLimits: COMMIT_LIMITS,
    directory: new Kysely<StoreTables>({ dialect: new DuckDbDialect(connections.directory) }),
    compileSelection,
    async query(query, columns, { kind, signal, deadlineMs }) {
      const pool = connections.of(kind);
      const connection = await pool.acquire(signal);
      const release = (): void => pool.release(connection);
      return interruptible(connection, { signal, deadlineMs }, () => readRows(connection, query, columns, release));
    },
    async write(write) {
      const rowGroups = write.batches.flatMap(({ batch }) => batch.rowGroups);
      const byteCount = rowGroups.reduce((sum, { rows }) => sum + rows.length, 0);
      await database.checkFile();
      await database.checkRoom(byteCount);
      await storeWrite(tables, functions, write);
      const rowCount = rowGroups.reduce((sum, { count }) => sum + count, 0);
      rowGroupMerge.afterCommit(rowCount, byteCount);
    },
    check: () => database.checkFile(),
    readError: (error) => storeError(path, error),
    writeError: (error) => writeError(path, error),
    async close() {
      await connections.close();
      database.close();
    },
  });
  return store;
}
