import {
  type DuckDBConnection,
  DuckDBTimestampNanosecondsValue,
  DuckDBUUIDValue,
  type DuckDBValue,
  StatementType,
} from "@duckdb/node-api";
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from "kysely";
import { bindParameters } from "./bind-parameters.js";
import type { ConnectionPool } from "./connection-pool.js";
import { beginTransaction, inTransaction, type OpenTransaction } from "./in-transaction.js";

/** Runs Kysely's statements on a {@link ConnectionPool}, each in a transaction that begins before it is prepared. */
export class DuckDbDriver implements Driver {
  readonly #pool: ConnectionPool;

  constructor(pool: ConnectionPool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new KyselyConnection(await this.#pool.acquire());
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await own(connection).begin();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await own(connection).end("commit");
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await own(connection).end("rollback");
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#pool.release(own(connection).native);
  }

  async destroy(): Promise<void> {}
}

/** Kysely gives back what {@link DuckDbDriver.acquireConnection} made. */
function own(connection: DatabaseConnection): KyselyConnection {
  return connection as KyselyConnection;
}

class KyselyConnection implements DatabaseConnection {
  readonly native: DuckDBConnection;
  #transaction: OpenTransaction | undefined;

  constructor(native: DuckDBConnection) {
    this.native = native;
  }

  async begin(): Promise<void> {
    this.#transaction = await beginTransaction(this.native);
  }

  async end(how: keyof OpenTransaction): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    await transaction?.[how]();
  }

  executeQuery<Result>(query: CompiledQuery): Promise<QueryResult<Result>> {
    const execute = (): Promise<QueryResult<Result>> => this.#execute(query);
    return this.#transaction !== undefined ? execute() : inTransaction(this.native, execute);
  }

  // The rows of events are read without Kysely's objects, see `read-rows.ts`, and the store's own tables are small.
  // biome-ignore lint/correctness/useYield: Kysely's interface asks for a generator.
  async *streamQuery<Result>(): AsyncIterableIterator<QueryResult<Result>> {
    throw new Error("rows are not streamed through Kysely");
  }

  async #execute<Result>(query: CompiledQuery): Promise<QueryResult<Result>> {
    const statement = await this.native.prepare(query.sql);
    try {
      bindParameters(statement, query.parameters);
      const result = await statement.run();
      // The rows have the shape that the query's builder promised.
      const rows = (await result.getRowObjects()).map(plainRow) as Result[];
      return CHANGES_ROWS.has(result.statementType) ? { rows, numAffectedRows: BigInt(result.rowsChanged) } : { rows };
    } finally {
      statement.destroySync();
    }
  }
}

const CHANGES_ROWS: ReadonlySet<StatementType> = new Set([
  StatementType.INSERT,
  StatementType.UPDATE,
  StatementType.DELETE,
]);

function plainRow(row: Record<string, DuckDBValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

/** DuckDB's value objects that the store's own tables have, as `runtime/schema/value.ts` has them. */
function plainValue(value: DuckDBValue): unknown {
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos;
  if (value instanceof DuckDBUUIDValue) return value.toString();
  return value;
}
