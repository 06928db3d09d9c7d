import { setImmediate } from "node:timers/promises";
import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { CompiledQuery } from "kysely";
import type { Row, Value } from "../../schema/value.js";
import { bindParameters } from "./bound-value.js";
import { beginTransaction } from "./in-transaction.js";
import { readVector, type StoredColumn } from "./vector-reader.js";

/**
 * All rows of a statement whose columns are these, read in a transaction of its own. `release` is called when the connection can be used
 * again, which is after the rows are there: each step of a statement waits for the event loop, and nobody has to wait for the last one.
 */
export async function readRows(
  connection: DuckDBConnection,
  query: CompiledQuery,
  columns: readonly StoredColumn[],
  release: () => void,
): Promise<Row[]> {
  let end = async (): Promise<void> => undefined;
  try {
    const transaction = await beginTransaction(connection);
    end = transaction.rollback;
    const rows = await runStatement(connection, query, columns);
    end = transaction.commit;
    return rows;
  } finally {
    // The rows are whole: that a transaction which only read could not be committed is of no consequence.
    void end()
      .catch(() => undefined)
      .finally(release);
  }
}

async function runStatement(
  connection: DuckDBConnection,
  query: CompiledQuery,
  columns: readonly StoredColumn[],
): Promise<Row[]> {
  const statement = await connection.prepare(query.sql);
  try {
    bindParameters(statement, query.parameters);
    const result = await statement.run();
    const rows: Row[] = [];
    for (let i = 0; i < result.chunkCount; i++) {
      // Thousands of rows take some milliseconds to be read: the process has other work in between.
      if (i > 0) await setImmediate();
      for (const row of rowsOf(result.getChunk(i), columns)) rows.push(row);
    }
    return rows;
  } finally {
    statement.destroySync();
  }
}

function rowsOf(chunk: DuckDBDataChunk, columns: readonly StoredColumn[]): Row[] {
  const count = chunk.rowCount;
  const values = columns.map((column, i) => readVector(duckdb.data_chunk_get_vector(chunk.chunk, i), column, count));
  const rows = Array.from({ length: count }, (_, row) => values.map((column): Value => column[row]!));
  // The vectors are views of the chunk's memory, which is freed with the chunk: it is used once more so that it lives until here.
  if (chunk.rowCount !== count) throw new Error("a chunk of rows changed while it was read");
  return rows;
}
