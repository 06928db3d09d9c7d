import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { CompiledQuery } from "kysely";
import type { Row, Value } from "../../schema/value.js";
import { bindParameters } from "./bound-value.js";
import { inTransaction } from "./in-transaction.js";
import { readVector, type StoredColumn } from "./vector-reader.js";

/** All rows of a statement whose columns are these, read in a transaction of its own. */
export function readRows(
  connection: DuckDBConnection,
  query: CompiledQuery,
  columns: readonly StoredColumn[],
): Promise<Row[]> {
  return inTransaction(connection, async () => {
    const statement = await connection.prepare(query.sql);
    try {
      bindParameters(statement, query.parameters);
      const result = await statement.run();
      const rows: Row[] = [];
      for (;;) {
        const piece = await nextPiece(result, columns);
        if (piece === undefined) return rows;
        for (const row of piece) rows.push(row);
      }
    } finally {
      statement.destroySync();
    }
  });
}

async function nextPiece(result: DuckDBResult, columns: readonly StoredColumn[]): Promise<Row[] | undefined> {
  const chunk = await result.fetchChunk();
  const count = chunk?.rowCount ?? 0;
  if (chunk === null || count === 0) return undefined;
  const values = columns.map((column, i) => readVector(duckdb.data_chunk_get_vector(chunk.chunk, i), column, count));
  const rows = Array.from({ length: count }, (_, row) => values.map((column): Value => column[row]!));
  // The vectors are views of the chunk's memory, which is freed with the chunk: it is used once more so that it lives until here.
  if (chunk.rowCount !== count) throw new Error("a chunk of rows changed while it was read");
  return rows;
}
