import type { DuckDBConnection } from "@duckdb/node-api";

/** Ends a transaction; neither rejects for a transaction that DuckDB has ended itself, as it does after some errors. */
export interface OpenTransaction {
  /** Rejects when what was written could not be committed; it is rolled back then. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/**
 * Begins a transaction, before any of its statements is prepared.
 *
 * DuckDB plans a statement with the statistics that its tables have when it is prepared: values are packed into fewer bytes, and
 * filters that cannot match are left out. Executed after another connection has committed larger values, such a plan returns
 * truncated numbers, freed memory for texts, or no rows (`docs/upstream/duckdb-stale-statistics.md`). In one transaction the statement sees
 * the rows that its statistics describe.
 */
export async function beginTransaction(connection: DuckDBConnection): Promise<OpenTransaction> {
  await connection.run("BEGIN TRANSACTION");
  const rollback = async (): Promise<void> => {
    await connection.run("ROLLBACK").catch(() => undefined);
  };
  return {
    rollback,
    async commit() {
      try {
        await connection.run("COMMIT");
      } catch (error) {
        await rollback();
        throw error;
      }
    },
  };
}

/** Runs work in a transaction that begins before any of its statements is prepared, and rolls back when it throws. */
export async function inTransaction<Result>(
  connection: DuckDBConnection,
  work: () => Promise<Result>,
): Promise<Result> {
  const transaction = await beginTransaction(connection);
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
  await transaction.commit();
  return result;
}
