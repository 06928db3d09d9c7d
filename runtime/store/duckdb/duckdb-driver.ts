import {
  DuckDBBlobValue,
  DuckDBListValue,
  type DuckDBResult,
  DuckDBTimestampNanosecondsValue,
  DuckDBUUIDValue,
  type DuckDBValue,
  StatementType,
} from "@duckdb/node-api";
import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from "kysely";
import { bindParameters } from "./bound-value.js";
import type { ConnectionPool, PooledConnection } from "./connection-pool.js";

/** Runs Kysely's statements on a {@link ConnectionPool}. */
export class DuckDbDriver implements Driver {
  readonly #pool: ConnectionPool;

  constructor(pool: ConnectionPool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new DuckDbConnection(await this.#pool.acquire());
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("BEGIN TRANSACTION"));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("COMMIT"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("ROLLBACK"));
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    // Kysely gives back what acquireConnection made.
    this.#pool.release((connection as DuckDbConnection).pooled);
  }

  async destroy(): Promise<void> {}
}

class DuckDbConnection implements DatabaseConnection {
  constructor(readonly pooled: PooledConnection) {}

  async executeQuery<Result>(query: CompiledQuery): Promise<QueryResult<Result>> {
    const statement = await this.pooled.prepare(query.sql);
    bindParameters(statement, query.parameters);
    const result = await statement.run();
    // The rows have the shape that the query's builder promised.
    const rows = (await readRows(result)) as Result[];
    return CHANGES_ROWS.has(result.statementType) ? { rows, numAffectedRows: BigInt(result.rowsChanged) } : { rows };
  }

  async *streamQuery<Result>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Result>> {
    const statement = await this.pooled.prepare(query.sql);
    bindParameters(statement, query.parameters);
    const result = await statement.stream();
    const names = result.deduplicatedColumnNames();
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      yield { rows: chunk.getRowObjects(names).map(plainRow) as Result[] };
    }
  }
}

const CHANGES_ROWS: ReadonlySet<StatementType> = new Set([
  StatementType.INSERT,
  StatementType.UPDATE,
  StatementType.DELETE,
]);

async function readRows(result: DuckDBResult): Promise<Record<string, unknown>[]> {
  return (await result.getRowObjects()).map(plainRow);
}

function plainRow(row: Record<string, DuckDBValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

/** DuckDB's value objects as `runtime/schema/value.ts` has them. */
function plainValue(value: DuckDBValue): unknown {
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos;
  if (value instanceof DuckDBUUIDValue) return value.toString();
  if (value instanceof DuckDBBlobValue) return value.bytes;
  if (value instanceof DuckDBListValue) return value.items.map(plainValue);
  return value;
}
