import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Kysely, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConnectionPool } from "./connection-pool.js";
import { DuckDbDialect } from "./duckdb-dialect.js";
import { inTransaction } from "./in-transaction.js";
import { readRows } from "./read-rows.js";

let instance: DuckDBInstance;
let writer: DuckDBConnection;

beforeEach(async () => {
  instance = await DuckDBInstance.create(":memory:");
  writer = await instance.connect();
  await writer.run("CREATE TABLE t (id INTEGER, number BIGINT, text VARCHAR)");
  await writer.run("INSERT INTO t SELECT range, range, 'n' || range FROM range(10)");
});

afterEach(() => {
  writer.closeSync();
  instance.closeSync();
});

/** A connection on which every statement waits between its preparation and its run, while another connection commits a change. */
async function interruptedBy(change: string): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  const prepare = connection.prepare.bind(connection);
  connection.prepare = async (text) => {
    const statement = await prepare(text);
    await writer.run(change);
    return statement;
  };
  return connection;
}

const LARGER = "UPDATE t SET number = 1234567890123, text = repeat('a longer text ', 5)";
// Only what readRows looks at of a compiled query.
const query = (sql: string, ...parameters: unknown[]) =>
  ({ sql, parameters }) as unknown as Parameters<typeof readRows>[1];
const columns = [
  { type: "int32", isList: false },
  { type: "int64", isList: false },
  { type: "text", isList: false },
] as const;
const before = Array.from({ length: 10 }, (_, i) => [i, BigInt(i), `n${i}`]);
const after = Array.from({ length: 10 }, (_, i) => [i, 1234567890123n, "a longer text ".repeat(5)]);

describe("a read while others write", () => {
  it("has the values of one moment, though larger ones are committed after it was planned", async () => {
    const reader = await interruptedBy(LARGER);
    const all = query("SELECT id, number, text FROM t WHERE id >= $1 ORDER BY id", 0);
    const rowsOf = (connection: DuckDBConnection) => readRows(connection, all, columns, () => undefined);
    expect(await rowsOf(reader)).toEqual(before);
    expect(await rowsOf(await instance.connect())).toEqual(after);
  });

  it("sees all that was committed before it, also since the connection's last read", async () => {
    const reader = await instance.connect();
    const texts = [
      query("SELECT id, number, text FROM t ORDER BY id"),
      query("SELECT id, number, text FROM t WHERE id >= $1 ORDER BY id", 0),
    ];
    for (let number = 1n; number <= 20n; number++) {
      await writer.run(`UPDATE t SET number = ${number}`);
      await writer.run("CHECKPOINT");
      for (const text of texts) {
        const rows = await new Promise<readonly (readonly unknown[])[]>((resolve, reject) => {
          const reading = readRows(reader, text, columns, () => void reading.then(resolve, reject));
        });
        expect(rows.map((row) => row[1])).toEqual(Array(10).fill(number));
      }
    }
  });

  it("is the same through Kysely, in a transaction and without", async () => {
    const reader = await interruptedBy(LARGER);
    const pool = new ConnectionPool(async () => reader, { connections: 1 });
    const database = new Kysely<{ t: { id: number; number: bigint; text: string } }>({
      dialect: new DuckDbDialect(pool),
    });
    const rows = await database.selectFrom("t").selectAll().orderBy("id").execute();
    expect(rows.map(({ id, number, text }) => [id, number, text])).toEqual(before);
    await writer.run("UPDATE t SET number = 1");
    const { rows: inside } = await database
      .transaction()
      .execute((transaction) => sql<{ number: bigint }>`SELECT number FROM t ORDER BY id`.execute(transaction));
    expect(new Set(inside.map(({ number }) => number))).toEqual(new Set([1n]));
  });
});

describe("a transaction that fails", () => {
  it("reports the first error, and leaves the connection usable", async () => {
    const connection = await instance.connect();
    const failing = inTransaction(connection, async () => {
      // DuckDB ends the transaction itself here, so that a rollback fails.
      await connection.run("ROLLBACK");
      throw new Error("the first error");
    });
    await expect(failing).rejects.toThrow("the first error");
    expect(await inTransaction(connection, async () => "works")).toBe("works");
  });
});
