import { setImmediate } from "node:timers/promises";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBMaterializedResult } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { CompiledQuery } from "kysely";
import type { Row, Value } from "../../schema/value.js";
import type { StoredColumn } from "../sql/stored-column.js";
import { bindParameters } from "./bind-parameters.js";
import { beginTransaction, type OpenTransaction } from "./in-transaction.js";
import { readVector } from "./vector-reader.js";

/** Transactions that were begun for the next read of a connection. */
const begun = new WeakMap<DuckDBConnection, OpenTransaction>();

/**
 * All rows of a statement whose columns are these, read in a transaction of its own. Each step of a statement waits for a thread and for the
 * event loop, so steps that can be done later do not delay the caller: `release` is called when the connection can be used again, after
 * the rows were returned and the transaction of the next read was begun. That one sees what is committed until its first statement is
 * prepared, which is when DuckDB starts it in the database's file.
 */
export async function readRows(
  connection: DuckDBConnection,
  query: CompiledQuery,
  columns: readonly StoredColumn[],
  release: () => void,
): Promise<Row[]> {
  let end = async (): Promise<void> => undefined;
  try {
    const transaction = begun.get(connection) ?? (await beginTransaction(connection));
    begun.delete(connection);
    end = transaction.rollback;
    const rows = await runStatement(connection, query, columns);
    end = transaction.commit;
    return rows;
  } finally {
    // The rows are complete; a failed commit of a transaction that only read does not matter.
    void end()
      .catch(() => undefined)
      .then(async () => begun.set(connection, await beginTransaction(connection)))
      .catch(() => undefined)
      .finally(release);
  }
}

async function runStatement(
  connection: DuckDBConnection,
  query: CompiledQuery,
  columns: readonly StoredColumn[],
): Promise<Row[]> {
  // Prepared and executed in one step where it has no parameters.
  if (query.parameters.length === 0) return readResult(await connection.run(query.sql), columns);
  const statement = await connection.prepare(query.sql);
  try {
    bindParameters(statement, query.parameters);
    return await readResult(await statement.run(), columns);
  } finally {
    statement.destroySync();
  }
}

async function readResult(result: DuckDBMaterializedResult, columns: readonly StoredColumn[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (let i = 0; i < result.chunkCount; i++) {
    // Thousands of rows take some milliseconds to be read: the process has other work in between.
    if (i > 0) await setImmediate();
    for (const row of rowsOf(result.getChunk(i), columns)) rows.push(row);
  }
  return rows;
}

function rowsOf(chunk: DuckDBDataChunk, columns: readonly StoredColumn[]): Row[] {
  const count = chunk.rowCount;
  const values = columns.map((column, i) => readVector(duckdb.data_chunk_get_vector(chunk.chunk, i), column, count));
  const rows = Array.from({ length: count }, (_, row) => values.map((column): Value => column[row]!));
  // The vectors are views of the chunk's memory, which is freed with the chunk: it is used once more so that it lives until here.
  if (chunk.rowCount !== count) throw new Error("a chunk of rows changed while it was read");
  return rows;
}
