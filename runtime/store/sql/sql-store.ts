import type { CompiledQuery, Kysely } from "kysely";
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
import type { Store } from "../store.js";
import { WriteHealth } from "../write-health.js";
import { findAgent, findSession, listAgents, storedCounts } from "./agent-directory.js";
import type { DatabaseSql } from "./database-sql.js";
import type { EventTables } from "./row-selection.js";
import { SqlQueries } from "./sql-queries.js";
import type { StoreTables } from "./store-tables.js";
import type { StoredColumn } from "./stored-column.js";

/** What a {@link SqlStore} asks of its database. */
export interface SqlDatabase {
  readonly databaseSql: DatabaseSql;
  readonly commitLimits: GroupCommitLimits;
  /** The store's own tables, for questions that must not wait for a commit. */
  readonly directory: Kysely<StoreTables>;
  /** The statement of a selection, in the form that the database runs fastest. */
  compileSelection(database: Kysely<EventTables>, selection: RowSelection): CompiledQuery;
  /** Runs a statement and reads its rows, whose columns are these, as {@link QueryOptions} says. */
  query(query: CompiledQuery, columns: readonly StoredColumn[], options: Required<QueryOptions>): Promise<Row[]>;
  /** Stores batches, sessions and agents in one transaction. */
  write(write: IngestWrite): Promise<void>;
  /** Rejects with the reason why rows cannot be stored now, apart from what the last write failed with. */
  check(): Promise<void>;
  /** What a failed statement means. */
  readError(error: unknown): WireloomError;
  writeError(error: unknown): WireloomError;
  close(): Promise<void>;
}

/** A store in a database with SQL: sessions, queries, agents and health, which do not depend on the database. */
export class SqlStore implements Store {
  readonly location: string;
  readonly events: readonly CollectedEvent[];
  readonly #database: SqlDatabase;
  readonly #queries: SqlQueries;
  readonly #sessions: IngestSessions;
  readonly #breaking = new AbortController();
  readonly #writeHealth = new WriteHealth();
  #closing: Promise<void> | undefined;

  constructor(location: string, events: readonly CollectedEvent[], database: SqlDatabase) {
    this.location = location;
    this.events = events;
    this.#database = database;
    const { directory, databaseSql, commitLimits } = database;
    // The event tables are in the same database, under names that only the events know. It only compiles statements.
    const eventTables = directory as unknown as Kysely<EventTables>;
    this.#queries = new SqlQueries({
      database: eventTables,
      databaseSql,
      compileSelection: (selection) => database.compileSelection(eventTables, selection),
      run: (query, columns, { kind = "page", signal, deadlineMs = QUERY_DEADLINE_MS }) =>
        this.#run(() => database.query(query, columns, { kind, signal, deadlineMs })),
    });
    this.#sessions = new IngestSessions(
      {
        counts: () => this.#run(() => storedCounts(directory)),
        findSession: (id) => this.#run(() => findSession(directory, id)),
        store: (write) => this.#write(write),
      },
      commitLimits,
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
    return this.#sessions.listAgents(() => this.#run(() => listAgents(this.#database.directory)));
  }

  findAgent(id: string): Promise<Agent | undefined> {
    return this.#sessions.findAgent(id, () => this.#run(() => findAgent(this.#database.directory, id)));
  }

  get broken(): AbortSignal {
    return this.#breaking.signal;
  }

  async health(): Promise<StoreHealth> {
    try {
      await this.#database.check();
    } catch (error) {
      return { isWorking: false, error: this.#database.writeError(error) };
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

  /** Notes a failure of work that is not a write of its own, such as a merge. */
  fail(cause: unknown): WireloomError {
    const error = this.#noteBroken(this.#database.writeError(cause));
    if (error.code !== "malformed_row_group" && this.#closing === undefined) this.#writeHealth.fail(error);
    return error;
  }

  async #close(): Promise<void> {
    try {
      await this.#sessions.flush();
    } finally {
      await this.#database.close();
    }
  }

  /** Runs a transaction that writes. While the last one failed, the store reports that it does not work. */
  async #write(write: IngestWrite): Promise<void> {
    try {
      await this.#database.write(write);
      this.#writeHealth.succeed(write.batches.some(({ batch }) => batch.rowGroups.length > 0));
    } catch (cause) {
      throw this.fail(cause);
    }
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.#noteBroken(this.#database.readError(error));
    }
  }

  #noteBroken(error: WireloomError): WireloomError {
    if (error.code === "store_broken" && this.#closing === undefined) this.#breaking.abort(error);
    return error;
  }
}
