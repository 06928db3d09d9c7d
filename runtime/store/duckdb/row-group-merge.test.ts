import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConnectionPool } from "./connection-pool.js";
import { type OpenDatabase, openDatabase } from "./open-database.js";
import { RowGroupMerge } from "./row-group-merge.js";

const GROUPS =
  "SELECT sum(count) FROM pragma_storage_info('few') WHERE column_name = 'i' AND segment_type <> 'VALIDITY' GROUP BY row_group_id ORDER BY row_group_id";
/** Bytes of rows that make a checkpoint. */
const CHECKPOINT_BYTES = 16 << 20;

let folder: string;
let database: OpenDatabase;
let pool: ConnectionPool;
let isReading: boolean;
let hasRoom: boolean;
let errors: unknown[];
let merge: RowGroupMerge;
let count: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wireloom-merge-"));
  database = await openDatabase(join(folder, "rows.duckdb"));
  pool = new ConnectionPool(() => database.connect(), { connections: 1 });
  isReading = false;
  hasRoom = true;
  errors = [];
  count = 0;
  merge = new RowGroupMerge({
    pool,
    isReading: () => isReading,
    hasRoom: async () => hasRoom,
    onError: (error) => errors.push(error),
  });
  await read("CREATE TABLE few (i INTEGER)");
});

afterEach(async () => {
  await pool.close();
  database.close();
  rmSync(folder, { recursive: true });
  expect(errors).toEqual([]);
});

async function read(statement: string): Promise<string[]> {
  const connection = await pool.acquire();
  try {
    return (await connection.runAndReadAll(statement)).getRows().map((row) => row.map(String).join());
  } finally {
    pool.release(connection);
  }
}

/** Stores a row, which a checkpoint then makes a row group of. */
async function store(): Promise<void> {
  await read(`INSERT INTO few VALUES (${count++})`);
  await read("CHECKPOINT");
  merge.afterCommit(1, CHECKPOINT_BYTES);
  // A merge that it has started has the connection before this.
  await new Promise((resolve) => setImmediate(resolve));
}

describe("partly filled row groups", () => {
  it("are merged after a start, and then once in 64 checkpoints, with every row", async () => {
    await read("INSERT INTO few VALUES (-2)");
    await read("CHECKPOINT");
    await read("INSERT INTO few VALUES (-1)");
    await read("CHECKPOINT");
    await store();
    expect(await read(GROUPS)).toEqual(["3"]);
    for (let i = 0; i < 63; i++) await store();
    expect(await read(GROUPS)).toEqual(["3", ...new Array(63).fill("1")]);
    await store();
    expect(await read(GROUPS)).toEqual(["67"]);
    const all = Array.from({ length: 67 }, (_, i) => String(i - 2));
    expect(await read("SELECT i FROM few ORDER BY i")).toEqual(all);
    expect(await read("SELECT current_setting('max_vacuum_tasks')")).toEqual(["0"]);
  });

  it("are merged as soon as nobody reads and the disk has room", async () => {
    isReading = true;
    await store();
    await store();
    expect(await read(GROUPS)).toEqual(["1", "1"]);
    isReading = false;
    hasRoom = false;
    await store();
    expect(await read(GROUPS)).toEqual(["1", "1", "1"]);
    hasRoom = true;
    await store();
    expect(await read(GROUPS)).toEqual(["4"]);
  });
});
