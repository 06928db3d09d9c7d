import { type CompiledQuery, Kysely } from "kysely";
import type { CollectedEvent } from "../../plugin/plugin.js";
import type { EventTable } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import type { Row } from "../../schema/value.js";
import type { WireloomError } from "../../wireloom-error.js";
import type { Agent } from "../agent-directory.js";
import type { GroupCommitLimits } from "../group-commit.js";
import type { IngestWrite } from "../ingest-database.js";
import { IngestSessions } from "../ingest-sessions.js";
import type { CommitListener, IngestSession, SessionIntroduction, StoreHealth } from "../ingest-store.js";
import { QUERY_DEADLINE_MS, type QueryOptions, type RowSelection, type TimeRange } from "../query-store.js";
import { findAgent, findSession, listAgents, storedCounts } from "../sql/agent-directory.js";
import { interruptible } from "../sql/interruptible.js";
import { migrate } from "../sql/migrate.js";
import type { EventTables } from "../sql/row-selection.js";
import { SqlQueries } from "../sql/sql-queries.js";
import type { StoreTables } from "../sql/store-tables.js";
import type { StoredColumn } from "../sql/stored-column.js";
import type { Store } from "../store.js";
import type { StoreOptions } from "../store-backend.js";
import { WriteHealth } from "../write-health.js";
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
    return new DuckDbStore(path, events, database, connections, tables, await prepareDatabase(connections, events));
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

class DuckDbStore implements Store {
  readonly location: string;
  readonly events: readonly CollectedEvent[];
  readonly #path: string;
  readonly #database: OpenDatabase;
  readonly #connections: Connections;
  /** The store's own tables, for questions that must not wait for a commit. */
  readonly #directory: Kysely<StoreTables>;
  readonly #queries: SqlQueries;
  readonly #sessions: IngestSessions;
  readonly #rowGroupMerge: RowGroupMerge;
  readonly #breaking = new AbortController();
  readonly #writeHealth = new WriteHealth();
  #closing: Promise<void> | undefined;

  constructor(
    path: string,
    events: readonly CollectedEvent[],
    database: OpenDatabase,
    connections: Connections,
    tables: Kysely<StoreTables>,
    functions: ReadonlyMap<CollectedEvent, RowFunction>,
  ) {
    this.location = `${SCHEME}:${path}`;
    this.events = events;
    this.#path = path;
    this.#database = database;
    this.#connections = connections;
    this.#rowGroupMerge = new RowGroupMerge({
      pool: connections.write,
      isReading: () => connections.isReading,
      hasRoom: () => database.hasRoomToMerge(),
      onError: (error) => this.#fail(error),
    });
    this.#directory = new Kysely<StoreTables>({ dialect: new DuckDbDialect(connections.directory) });
    // The event tables are in the same database, under names that only the events know. It only compiles statements.
    const eventTables = tables as unknown as Kysely<EventTables>;
    this.#queries = new SqlQueries({
      database: eventTables,
      databaseSql: duckdbSql,
      compileSelection: (selection) => compileSelection(eventTables, selection),
      run: (query, columns, options) => this.#query(query, columns, options),
    });
    this.#sessions = new IngestSessions(
      {
        counts: () => this.#run(() => storedCounts(this.#directory)),
        findSession: (id) => this.#run(() => findSession(this.#directory, id)),
        store: (write) => this.#write(write, () => storeWrite(tables, functions, write)),
      },
      COMMIT_LIMITS,
    );
  }

  openSession(introduction: SessionIntroduction): Promise<IngestSession> {
    return this.#sessions.open(introduction);
  }

  onCommit(listener: CommitListener): () => void {
    return this.#sessions.onCommit(listener);
  }

  selectRows(selection: RowSelection, options?: QueryOptions): Promise<Row[]> {
    return this.#queries.selectRows(selection, options);
  }

  countRows(
    table: EventTable,
    filters: readonly ParsedFilter[],
    cap?: number,
    options?: QueryOptions,
  ): Promise<bigint> {
    return this.#queries.countRows(table, filters, cap, options);
  }

  timeRange(table: EventTable, options?: QueryOptions): Promise<TimeRange | undefined> {
    return this.#queries.timeRange(table, options);
  }

  listAgents(): Promise<Agent[]> {
    return this.#sessions.listAgents(() => this.#run(() => listAgents(this.#directory)));
  }

  findAgent(id: string): Promise<Agent | undefined> {
    return this.#sessions.findAgent(id, () => this.#run(() => findAgent(this.#directory, id)));
  }

  get broken(): AbortSignal {
    return this.#breaking.signal;
  }

  async health(): Promise<StoreHealth> {
    try {
      await this.#database.checkFile();
    } catch (error) {
      return { isWorking: false, error: error as WireloomError };
    }
    return this.#writeHealth.health;
  }

  onRecovery(listener: () => void): () => void {
    return this.#writeHealth.onRecovery(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.#sessions.flush();
    } finally {
      await this.#connections.close();
      this.#database.close();
    }
  }

  #query(
    query: CompiledQuery,
    columns: readonly StoredColumn[],
    { kind = "page", signal, deadlineMs = QUERY_DEADLINE_MS }: QueryOptions,
  ): Promise<Row[]> {
    return this.#run(async () => {
      const pool = this.#connections.of(kind);
      const connection = await pool.acquire(signal);
      const release = (): void => pool.release(connection);
      return interruptible(connection, { signal, deadlineMs }, () => readRows(connection, query, columns, release));
    });
  }

  /** Runs a transaction that writes. While the last one failed, the store reports that it does not work. */
  async #write({ batches }: IngestWrite, store: () => Promise<void>): Promise<void> {
    try {
      const rowGroups = batches.flatMap(({ batch }) => batch.rowGroups);
      const byteCount = rowGroups.reduce((sum, { rows }) => sum + rows.length, 0);
      await this.#database.checkFile();
      await this.#database.checkRoom(byteCount);
      await store();
      const rowCount = rowGroups.reduce((sum, { count }) => sum + count, 0);
      this.#rowGroupMerge.afterCommit(rowCount, byteCount);
      this.#writeHealth.succeed(rowGroups.length > 0);
    } catch (cause) {
      throw this.#fail(cause);
    }
  }

  /** What a write failed with; the store reports that it does not work, unless it is the fault of the rows. */
  #fail(cause: unknown): WireloomError {
    const error = this.#noteBroken(writeError(this.#path, cause));
    if (error.code !== "malformed_row_group" && this.#closing === undefined) this.#writeHealth.fail(error);
    return error;
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.#noteBroken(storeError(this.#path, error));
    }
  }

  #noteBroken(error: WireloomError): WireloomError {
    if (error.code === "store_broken" && this.#closing === undefined) this.#breaking.abort(error);
    return error;
  }
}
