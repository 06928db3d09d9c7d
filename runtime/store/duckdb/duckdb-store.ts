import { Kysely } from "kysely";
import type { CollectedEvent } from "../../plugin/plugin.js";
import type { EventTable } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import type { Row } from "../../schema/value.js";
import { WireloomError } from "../../wireloom-error.js";
import type { GroupCommitLimits } from "../group-commit.js";
import { IngestSessions } from "../ingest-sessions.js";
import type { Agent, CommitListener, IngestSession, RowSelection, SessionIntroduction, Store } from "../store.js";
import { findAgent, findSession, listAgents, storedCounts } from "./agent-directory.js";
import { ConnectionPool } from "./connection-pool.js";
import { DuckDbDialect } from "./duckdb-dialect.js";
import { storeWrite } from "./ingest-transaction.js";
import { migrate } from "./migrate.js";
import { type DatabaseOptions, firstLine, type OpenDatabase, openDatabase } from "./open-database.js";
import { readRows, streamRows } from "./read-rows.js";
import { RowFunction } from "./row-function.js";
import { compileCount, compileSelection, type EventTables } from "./row-query.js";
import type { StoreTables } from "./store-tables.js";

/** What a count is read as. */
const COUNT_COLUMN = { type: "int64", isList: false } as const;

/** Statements that run at once, the writer's among them; more wait for their turn. */
const CONNECTIONS = 5;

const COMMIT_LIMITS: GroupCommitLimits = {
  queuedBytes: 64 << 20,
  // DuckDB's row group: a transaction of this size is written in its final form, past the log.
  groupRows: 122_880,
  waitMs: 200,
  busyWaitMs: 1000,
  busyRows: 8192,
};

/** Opens the store in a DuckDB file, or in memory for `:memory:`, with the tables of these events. */
export async function openDuckDbStore(
  path: string,
  events: readonly CollectedEvent[],
  options: DatabaseOptions = {},
): Promise<Store> {
  const database = await openDatabase(path, options);
  const pool = new ConnectionPool(database.instance, CONNECTIONS);
  try {
    const tables = new Kysely<StoreTables>({ dialect: new DuckDbDialect(pool) });
    await migrate(
      tables,
      path,
      events.map((event) => event.table),
    );
    return new DuckDbStore(path, events, database, pool, tables, await registerRowFunctions(pool, events));
  } catch (error) {
    await pool.close();
    database.close();
    throw storeError(path, error);
  }
}

async function registerRowFunctions(
  pool: ConnectionPool,
  events: readonly CollectedEvent[],
): Promise<ReadonlyMap<CollectedEvent, RowFunction>> {
  const connection = await pool.acquire();
  try {
    // A page has at most 1000 rows and one more. Up to that, whole rows are read only after their order is known, and
    // then by their row numbers instead of in one more scan: over two million rows that is a tenth of the time.
    await connection.native.run("SET GLOBAL late_materialization_max_rows = 1001");
    await connection.native.run("SET GLOBAL dynamic_or_filter_threshold = 1001");
    const functions = new Map(events.map((event) => [event, new RowFunction(event)]));
    for (const rowFunction of functions.values()) await rowFunction.register(connection.native);
    return functions;
  } finally {
    pool.release(connection);
  }
}

class DuckDbStore implements Store {
  readonly location: string;
  readonly events: readonly CollectedEvent[];
  readonly #path: string;
  readonly #database: OpenDatabase;
  readonly #pool: ConnectionPool;
  readonly #tables: Kysely<StoreTables>;
  readonly #eventTables: Kysely<EventTables>;
  readonly #sessions: IngestSessions;
  #closing: Promise<void> | undefined;

  constructor(
    path: string,
    events: readonly CollectedEvent[],
    database: OpenDatabase,
    pool: ConnectionPool,
    tables: Kysely<StoreTables>,
    functions: ReadonlyMap<CollectedEvent, RowFunction>,
  ) {
    this.location = `duckdb:${path}`;
    this.events = events;
    this.#path = path;
    this.#database = database;
    this.#pool = pool;
    this.#tables = tables;
    // The event tables are in the same database, under names that only the events know.
    this.#eventTables = tables as unknown as Kysely<EventTables>;
    this.#sessions = new IngestSessions(
      {
        counts: () => this.#run(() => storedCounts(tables)),
        findSession: (id) => this.#run(() => findSession(tables, id)),
        store: (write) => this.#run(() => storeWrite(tables, functions, write)),
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

  selectRows(selection: RowSelection, signal?: AbortSignal): Promise<Row[]> {
    const query = compileSelection(this.#eventTables, selection);
    return this.#run(() => readRows(this.#pool, query, selection.columns, signal));
  }

  async *streamRows(selection: RowSelection, signal?: AbortSignal): AsyncIterable<readonly Row[]> {
    const query = compileSelection(this.#eventTables, selection);
    try {
      yield* streamRows(this.#pool, query, selection.columns, signal);
    } catch (error) {
      throw storeError(this.#path, error);
    }
  }

  async countRows(
    table: EventTable,
    filters: readonly ParsedFilter[],
    cap?: number,
    signal?: AbortSignal,
  ): Promise<bigint> {
    const query = compileCount(this.#eventTables, table, filters, cap);
    const [row] = await this.#run(() => readRows(this.#pool, query, [COUNT_COLUMN], signal));
    return row![0] as bigint;
  }

  async listAgents(): Promise<Agent[]> {
    return this.#sessions.overlay(await this.#run(() => listAgents(this.#tables)));
  }

  async findAgent(id: string): Promise<Agent | undefined> {
    return this.#sessions.overlayOne(id, await this.#run(() => findAgent(this.#tables, id)));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#sessions.flush();
    await this.#pool.close();
    this.#database.close();
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw storeError(this.#path, error);
    }
  }
}

/** What a failed statement means for people; the API does not pass on the message of a `store_failed`. */
function storeError(path: string, error: unknown): unknown {
  if (error instanceof WireloomError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/^INTERRUPT/i.test(text)) return new WireloomError("unavailable", "the query was stopped", { cause: error });
  if (/no space left|could not write|out of memory|disk/i.test(text)) {
    return new WireloomError("store_failed", `${path} cannot take more rows: ${firstLine(text)}; make room`, {
      cause: error,
    });
  }
  return new WireloomError("store_failed", `${path} failed: ${firstLine(text)}`, { cause: error });
}
