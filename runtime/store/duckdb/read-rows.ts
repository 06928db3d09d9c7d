import type { DuckDBResult } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { CompiledQuery } from "kysely";
import type { Row, Value } from "../../schema/value.js";
import { bindParameters } from "./bound-value.js";
import type { ConnectionPool, PooledConnection } from "./connection-pool.js";
import { readVector, type StoredColumn } from "./vector-reader.js";

/** All rows of a statement whose columns are these. */
export async function readRows(
  pool: ConnectionPool,
  query: CompiledQuery,
  columns: readonly StoredColumn[],
  signal: AbortSignal | undefined,
): Promise<Row[]> {
  return withConnection(pool, signal, async (connection) => {
    const statement = await connection.prepare(query.sql);
    bindParameters(statement, query.parameters);
    const result = await statement.run();
    const rows: Row[] = [];
    for (let piece = await nextPiece(result, columns); piece !== undefined; piece = await nextPiece(result, columns)) {
      rows.push(...piece);
    }
    return rows;
  });
}

/** Rows of a statement in pieces, of which the database holds only the next; the statement ends with the iteration. */
export async function* streamRows(
  pool: ConnectionPool,
  query: CompiledQuery,
  columns: readonly StoredColumn[],
  signal: AbortSignal | undefined,
): AsyncIterable<readonly Row[]> {
  signal?.throwIfAborted();
  const connection = await pool.acquire();
  const interrupt = (): void => connection.native.interrupt();
  signal?.addEventListener("abort", interrupt);
  let result: DuckDBResult | undefined;
  try {
    const statement = await connection.prepare(query.sql);
    bindParameters(statement, query.parameters);
    result = await statement.stream();
    for (let piece = await nextPiece(result, columns); piece !== undefined; piece = await nextPiece(result, columns)) {
      yield piece;
      signal?.throwIfAborted();
    }
    result = undefined;
  } finally {
    signal?.removeEventListener("abort", interrupt);
    if (result !== undefined) await abandon(connection, result);
    pool.release(connection);
  }
}

async function withConnection<Result>(
  pool: ConnectionPool,
  signal: AbortSignal | undefined,
  work: (connection: PooledConnection) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const connection = await pool.acquire();
  const interrupt = (): void => connection.native.interrupt();
  signal?.addEventListener("abort", interrupt);
  try {
    signal?.throwIfAborted();
    return await work(connection);
  } finally {
    signal?.removeEventListener("abort", interrupt);
    pool.release(connection);
  }
}

/** Ends a result before its end, so that its transaction does not stay open. */
async function abandon(connection: PooledConnection, result: DuckDBResult): Promise<void> {
  connection.native.interrupt();
  await result.fetchChunk().catch(() => undefined);
}

async function nextPiece(result: DuckDBResult, columns: readonly StoredColumn[]): Promise<Row[] | undefined> {
  const chunk = await result.fetchChunk();
  const count = chunk?.rowCount ?? 0;
  if (chunk === null || count === 0) return undefined;
  const values = columns.map((column, i) => readVector(duckdb.data_chunk_get_vector(chunk.chunk, i), column, count));
  return Array.from({ length: count }, (_, row) => values.map((column): Value => column[row]!));
}
