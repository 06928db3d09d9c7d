import type { CompiledQuery, Kysely } from "kysely";
import type { EventTable } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import type { Row } from "../../schema/value.js";
import type { QueryOptions, QueryStore, RowSelection, TimeRange } from "../query-store.js";
import type { DatabaseSql } from "./database-sql.js";
import { compileCount, compileTimeRange, type EventTables } from "./row-selection.js";
import type { StoredColumn } from "./stored-column.js";

/** What a count is read as. */
const COUNT_COLUMN = { type: "int64", isList: false } as const;
/** What a time is read as. */
const TIME_COLUMN = { type: "timestamp", isList: false } as const;

/** How a database reads rows. */
export interface QueryRunner {
  /** Compiles statements; it need not run any. */
  readonly database: Kysely<EventTables>;
  readonly databaseSql: DatabaseSql;
  /** The statement of a selection, in the form that the database runs fastest. */
  compileSelection(selection: RowSelection): CompiledQuery;
  /** Runs a statement and reads its rows, whose columns are these. Rejects as {@link QueryOptions} says. */
  run(query: CompiledQuery, columns: readonly StoredColumn[], options: QueryOptions): Promise<Row[]>;
}

/** The queries of a store whose database has SQL. */
export class SqlQueries implements QueryStore {
  readonly #runner: QueryRunner;

  constructor(runner: QueryRunner) {
    this.#runner = runner;
  }

  selectRows(selection: RowSelection, options: QueryOptions = {}): Promise<Row[]> {
    return this.#runner.run(this.#runner.compileSelection(selection), selection.columns, options);
  }

  async countRows(
    table: EventTable,
    filters: readonly ParsedFilter[],
    cap?: number,
    options: QueryOptions = {},
  ): Promise<bigint> {
    const { database, databaseSql } = this.#runner;
    const query = compileCount(database, databaseSql, table, filters, cap);
    const [row] = await this.#runner.run(query, [COUNT_COLUMN], options);
    return row![0] as bigint;
  }

  async timeRange(table: EventTable, options: QueryOptions = {}): Promise<TimeRange | undefined> {
    const query = compileTimeRange(this.#runner.database, table);
    const [row] = await this.#runner.run(query, [TIME_COLUMN, TIME_COLUMN], options);
    return row![0] === null ? undefined : { first: row![0] as bigint, last: row![1] as bigint };
  }
}
