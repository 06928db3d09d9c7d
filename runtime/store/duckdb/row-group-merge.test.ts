import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, expect, it } from "vitest";
import type { IngestSegment } from "../store.js";
import { ConnectionPool } from "./connection-pool.js";
import { openDatabase } from "./open-database.js";
import { RowGroupMerge } from "./row-group-merge.js";

const folder = mkdtempSync(join(tmpdir(), "wireloom-merge-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function values(connection: DuckDBConnection, query: string): Promise<string[]> {
  const reader = await connection.runAndReadAll(query);
  return reader.getRows().map((row) => row.map(String).join());
}

const GROUPS =
  "SELECT sum(count) FROM pragma_storage_info('few') WHERE column_name = 'i' AND segment_type <> 'VALIDITY' GROUP BY row_group_id";

it("row groups are not merged by a checkpoint, but after 64 that leave some, which the next transaction waits for", async () => {
  const database = await openDatabase(join(folder, "rows.duckdb"));
  const pool = new ConnectionPool(() => database.connect(), { connections: 1 });
  const merge = new RowGroupMerge(pool);
  // What a checkpoint's log is made of.
  const segments = [{ count: 100, rows: new Uint8Array(16 << 20) } as IngestSegment];
  const run = async (statement: string): Promise<void> => {
    const connection = await pool.acquire();
    await connection.run(statement);
    pool.release(connection);
  };
  await run("CREATE TABLE few (i INTEGER)");
  for (let i = 0; i < 63; i++) {
    await run(`INSERT INTO few VALUES (${i})`);
    await run("CHECKPOINT");
    merge.afterCommit(segments);
  }
  const connection = await pool.acquire();
  expect(await values(connection, GROUPS)).toEqual(new Array(63).fill("1"));
  pool.release(connection);
  await run("INSERT INTO few VALUES (63)");
  merge.afterCommit(segments);
  await run("INSERT INTO few VALUES (64)");
  await run("CHECKPOINT");
  const after = await pool.acquire();
  expect(await values(after, GROUPS)).toEqual(["64", "1"]);
  expect(await values(after, "SELECT i FROM few ORDER BY i")).toEqual(Array.from({ length: 65 }, (_, i) => String(i)));
  expect(await values(after, "SELECT current_setting('max_vacuum_tasks')")).toEqual(["0"]);
  pool.release(after);
  await pool.close();
  database.close();
});
