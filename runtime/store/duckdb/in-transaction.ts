import type { DuckDBConnection } from "@duckdb/node-api";

/**
 * Runs work in a transaction that begins before any of its statements is prepared, and rolls back when it throws.
 *
 * DuckDB plans a statement with the statistics that its tables have when it is prepared: values are packed into fewer bytes, and
 * filters that cannot match are left out. Executed after another connection has committed larger values, such a plan returns
 * truncated numbers, freed memory for texts, or no rows (`docs/upstream/duckdb-stale-statistics.md`). In one transaction the statement sees
 * the rows that its statistics describe.
 */
export async function inTransaction<Result>(
  connection: DuckDBConnection,
  work: () => Promise<Result>,
): Promise<Result> {
  await connection.run("BEGIN TRANSACTION");
  try {
    const result = await work();
    await connection.run("COMMIT");
    return result;
  } catch (error) {
    // After some errors DuckDB has ended the transaction itself; the first error is the one that counts.
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
