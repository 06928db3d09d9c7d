import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { Kysely, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Column, EventTable } from "../../schema/event-table.js";
import { filterWithValues, type ParsedFilter } from "../../schema/filter.js";
import type { Row } from "../../schema/value.js";
import type { Ordering } from "../query-store.js";
import type { EventTables } from "../sql/row-selection.js";
import { ConnectionPool } from "./connection-pool.js";
import { DuckDbDialect } from "./duckdb-dialect.js";
import { readRows } from "./read-rows.js";
import { compileSelection, MAX_LOOKED_UP_ROWS } from "./row-query.js";

const COLUMNS = [
  { name: "time", type: "timestamp", isList: false, isNullable: false },
  { name: "id", type: "uint32", isList: false, isNullable: false },
  { name: "latency", type: "duration", isList: false, isNullable: true },
  { name: "names", type: "text", isList: true, isNullable: false },
  { name: "rcode", type: "enum", isList: false, isNullable: false, enumValues: [{ number: 3, name: "NXDOMAIN" }] },
  { name: "is_late", type: "bool", isList: false, isNullable: false },
  { name: "types", type: "enum", isList: true, isNullable: false, enumValues: [{ number: 1, name: "A" }] },
] as unknown as readonly Column[];
const [TIME, ID, LATENCY, , RCODE, IS_LATE, TYPES] = COLUMNS as unknown as [
  Column,
  Column,
  Column,
  Column,
  Column,
  Column,
  Column,
];
const table = { resource: "paged", columns: COLUMNS } as unknown as EventTable;
const ROWS = 3000;

let instance: DuckDBInstance;
let pool: ConnectionPool;
let database: Kysely<EventTables>;
/** In the order that they were stored in, which is nearly that of their times; several have each time. */
let rows: Row[];

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  pool = new ConnectionPool(() => instance.connect(), { connections: 1 });
  database = new Kysely<EventTables>({ dialect: new DuckDbDialect(pool) });
  await sql`CREATE TABLE paged (time TIMESTAMP_NS, id UINTEGER, latency BIGINT, names VARCHAR[], rcode INTEGER, is_late BOOLEAN, types INTEGER[])`.execute(
    database,
  );
  await sql`INSERT INTO paged SELECT make_timestamp_ns(1700000000000000000 + (i * 7919 % 40 + i // 5 * 5) // 3 * 1000), (i * 7 + 3) % ${sql.lit(ROWS)}, CASE WHEN i % 4 = 0 THEN NULL ELSE i * 31 % 50 END, ['n' || i], CASE WHEN i % 6 = 0 THEN 3 ELSE 0 END, i % 40 > 30, [i % 3] FROM range(${sql.lit(ROWS)}) t(i)`.execute(
    database,
  );
  rows = await read(compileSelection(database, { table, columns: COLUMNS, filters: [], orderBy: [] }));
});

afterAll(async () => {
  await pool.close();
  instance.closeSync();
});

async function read(query: ReturnType<typeof compileSelection>): Promise<Row[]> {
  const connection = await pool.acquire();
  return readRows(connection, query, COLUMNS, () => pool.release(connection));
}

/** Rows without a value come last, whatever the direction. */
function compare(orderBy: readonly Ordering[]): (left: Row, right: Row) => number {
  return (left, right) => {
    for (const { column, isDescending } of orderBy) {
      const at = COLUMNS.indexOf(column);
      const [a, b] = [left[at] as bigint | number | null, right[at] as bigint | number | null];
      if (a === b) continue;
      if (a === null) return 1;
      if (b === null) return -1;
      return a < b === isDescending ? 1 : -1;
    }
    return 0;
  };
}

const orders = fc
  .record({ first: fc.constantFrom(TIME, LATENCY, ID, undefined), down: fc.array(fc.boolean(), { minLength: 3 }) })
  .map(({ first, down }) =>
    [...new Set([first ?? TIME, TIME, ID])].map((column, i) => ({ column, isDescending: down[i]! })),
  );
/** Conditions, each with the same in JavaScript. */
const CONDITIONS: readonly { readonly filter: ParsedFilter; readonly isMet: (row: Row) => boolean }[] = [
  {
    filter: filterWithValues({ column: TIME, operator: "gte" }, ["2023-11-14T22:13:20.000400Z"], "p"),
    isMet: (row) => (row[0] as bigint) >= 1_700_000_000_000_400_000n,
  },
  {
    filter: filterWithValues({ column: LATENCY, operator: "lt" }, ["0.00000001s"], "p"),
    isMet: (row) => row[2] !== null && (row[2] as bigint) < 10n,
  },
  {
    filter: filterWithValues({ column: RCODE, operator: "eq" }, ["NXDOMAIN"], "p"),
    isMet: (row) => row[4] === 3,
  },
  { filter: filterWithValues({ column: IS_LATE, operator: "eq" }, ["true"], "p"), isMet: (row) => row[5] === true },
  {
    filter: filterWithValues({ column: TYPES, operator: "has" }, ["A"], "p"),
    isMet: (row) => (row[6] as number[]).includes(1),
  },
];

describe("pages of a selection", () => {
  it("have all its rows in order, whatever the order, the filters and the size of a page", async () => {
    const sizes = fc.constantFrom(300, 400, MAX_LOOKED_UP_ROWS, MAX_LOOKED_UP_ROWS + 1, ROWS);
    await fc.assert(
      fc.asyncProperty(orders, fc.subarray([...CONDITIONS]), sizes, async (orderBy, conditions, limit) => {
        const matching = rows.filter((row) => conditions.every(({ isMet }) => isMet(row)));
        const filters = conditions.map(({ filter }) => filter);
        const found: Row[] = [];
        for (;;) {
          const last = found.at(-1);
          const after =
            last === undefined ? {} : { after: orderBy.map(({ column }) => last[COLUMNS.indexOf(column)]!) };
          const selection = { table, columns: COLUMNS, filters, orderBy, limit, ...after };
          const page = await read(compileSelection(database, selection));
          expect(page.length).toBeLessThanOrEqual(limit);
          found.push(...page);
          if (page.length < limit) break;
        }
        expect(found).toEqual(matching.toSorted(compare(orderBy)));
      }),
      { numRuns: 120 },
    );
  });
});
