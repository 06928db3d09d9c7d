// A prepared statement that runs after another connection has committed returns wrong values:
//   npm install @duckdb/node-api && node duckdb-stale-statistics.mjs
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(":memory:");
const writer = await instance.connect();
const reader = await instance.connect();
await writer.run("CREATE TABLE t (id INTEGER, number BIGINT, text VARCHAR)");
await writer.run("INSERT INTO t SELECT range, range, 'n' || range FROM range(10)");

/** Prepares a query, commits a change on the other connection, and runs the query. */
async function runAfter(change, query) {
  const statement = await reader.prepare(query);
  await writer.run(change);
  return (await statement.run()).getRowObjectsJson();
}

const numbers = await runAfter(
  "UPDATE t SET number = 1234567890123 WHERE id = 1",
  "SELECT id, number FROM t ORDER BY id",
);
console.log("1234567890123 is read as", numbers[1].number); // 203, which is 1234567890123 mod 256

const found = await runAfter(
  "INSERT INTO t VALUES (10, 6000000000000, 'x')",
  "SELECT id FROM t WHERE number > 5000000000000",
);
console.log("rows found:", found.length, "of 1"); // 0

const texts = await runAfter("UPDATE t SET text = repeat('a long text ', 5)", "SELECT id, text FROM t ORDER BY id"); // often a segmentation fault
console.log("a text is read as", JSON.stringify(texts[1].text));
