import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { Kysely, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Column, EventTable } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import { filterWithValues } from "../../schema/filter.js";
import { formatScalar } from "../../schema/format-value.js";
import { createPredicates, matchesFilters } from "../../schema/matches-filters.js";
import { LIST_OPERATORS, type Operator } from "../../schema/operators.js";
import { SEMANTIC_TYPES, type SemanticTypeName } from "../../schema/semantic-types.js";
import type { Row, ScalarValue } from "../../schema/value.js";
import { BoundValue } from "../sql/bound-value.js";
import { filterCondition } from "../sql/filter-condition.js";
import type { EventTables } from "../sql/row-selection.js";
import { ConnectionPool } from "./connection-pool.js";
import { DuckDbDialect } from "./duckdb-dialect.js";
import { duckdbSql } from "./duckdb-sql.js";
import { DUCKDB_TYPES } from "./duckdb-types.js";

const ENUM_VALUES = [
  { number: 0, name: "UNSPECIFIED" },
  { number: 1, name: "ONE" },
  { number: 7, name: "SEVEN" },
];

function column(name: string, type: SemanticTypeName, isList: boolean, fieldNumber: number): Column {
  return {
    ...{ name, type, isList, isNullable: !isList, enumValues: type === "enum" ? ENUM_VALUES : [], fieldNumber },
    ...{ title: name, description: "", wireshark: [], isListed: false, annotation: {}, messagePath: [name] },
  };
}

const types = Object.keys(SEMANTIC_TYPES) as SemanticTypeName[];
const columns: readonly Column[] = [
  ...types.map((type, i) => column(`a_${type}`, type, false, i + 1)),
  ...types.map((type, i) => column(`list_${type}`, type, true, types.length + i + 1)),
  { ...column("a_name", "text", false, 101), comparison: "name" },
  { ...column("list_name", "text", true, 102), comparison: "name" },
  { ...column("a_host", "text", false, 103), comparison: "host" },
];
const table = { resource: "agreement", columns } as unknown as EventTable;

/** Few distinct values, so that equal ones meet; the edges of each type among them. */
const VALUES: Readonly<Record<SemanticTypeName, fc.Arbitrary<Exclude<ScalarValue, null>>>> = {
  bool: fc.boolean(),
  uint32: fc.constantFrom(0, 1, 2147483648, 4294967295),
  int32: fc.constantFrom(-2147483648, -1, 0, 5, 2147483647),
  uint64: fc.constantFrom(0n, 1n, 1n << 63n, (1n << 64n) - 1n),
  int64: fc.constantFrom(-(1n << 63n), -1n, 0n, 9n, (1n << 63n) - 1n),
  double: fc.oneof(fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), fc.double()),
  enum: fc.constantFrom(0, 1, 7, 8, -1),
  port: fc.constantFrom(0, 53, 65535),
  timestamp: fc.constantFrom(
    // 1677-09-22T00:00:00Z: date -u -d 1677-09-22 +%s.
    -9_223_286_400_000_000_000n,
    -1n,
    0n,
    1_700_000_000_123_456_789n,
    1_700_000_000_123_456_790n,
    (1n << 63n) - 2n,
    (1n << 63n) - 1n,
  ),
  duration: fc.constantFrom(-1n, 0n, 999n, 1_500_000_000n),
  ip: fc.oneof(
    fc.constantFrom(
      0n,
      0xffff_0a000001n,
      0xffff_0a0000ffn,
      0xffff_ffffffffn,
      0xfffe_ffffffffn,
      0x1_0000_00000000n,
      (1n << 128n) - 1n,
    ),
    fc.bigInt(0n, (1n << 128n) - 1n),
  ),
  flags: fc.constantFrom(0, 1, 2, 3, 18, 2147483648, 4294967295),
  mac: fc.constantFrom(0n, 0x02005e100001n, 0xffffffffffffn),
  uuid: fc.constantFrom(
    "00000000-0000-0000-0000-000000000000",
    "7fffffff-ffff-ffff-ffff-ffffffffffff",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
  ),
  text: fc.oneof(
    fc.string({
      unit: fc.constantFrom("a", "A", "b", "%", "_", "\\", ".", "ß", "İ", "Σ", "σ", "\u{1f600}", "\uffff", "\n", "'"),
      maxLength: 6,
    }),
    fc.string({ unit: fc.constantFrom("a", "b"), minLength: 11, maxLength: 14 }),
  ),
  bytes: fc.uint8Array({ maxLength: 3 }),
};

/** Texts as names: case, dots, escapes and ports, with characters whose lower case is ASCII's (U+212A, U+0130). */
const NAMES = fc.oneof(
  fc.constantFrom(
    "a.example",
    "A.eXample",
    "a.example.",
    "a.example:80",
    "A.example.:80",
    "a.example:",
    ".",
    "",
    "a\\.",
    "[::1]:80",
  ),
  fc.string({
    unit: fc.constantFrom("a", "A", "k", "\u212a", "İ", "i", "é", "É", ".", ":", "8", "\\", "%", "_", "[", "]", "\n"),
    maxLength: 5,
  }),
);

function valuesOf(target: Column): fc.Arbitrary<Exclude<ScalarValue, null>> {
  return target.comparison === undefined ? VALUES[target.type] : NAMES;
}

const rowsArbitrary = fc.array(
  fc.tuple(
    ...columns.map((target) =>
      target.isList ? fc.array(valuesOf(target), { maxLength: 3 }) : fc.option(valuesOf(target), { freq: 4 }),
    ),
  ),
  { minLength: 1, maxLength: 12 },
) as unknown as fc.Arbitrary<Row[]>;

const NETWORKS = [
  "10.0.0.0/8",
  "10.0.0.1",
  "0.0.0.0/0",
  "::/0",
  "::/80",
  "::ffff:0:0/96",
  "2001:db8::/32",
  "8000::/1",
  "::ffff:10.0.0.0/104",
  "::ffff:10.0.0.1",
  "::fffe:0:0/95",
  "ff00::/8",
];

function filterArbitrary(target: Column, operator: Operator): fc.Arbitrary<ParsedFilter> {
  const text = valuesOf(target).map((value) => formatScalar(target, value));
  const texts =
    operator === "is_null"
      ? fc.constantFrom(["true"], ["false"])
      : operator === "cidr" || operator === "not_cidr"
        ? fc.constantFrom(...NETWORKS).map((network) => [network])
        : operator === "in" || operator === "not_in"
          ? fc.array(text, { minLength: 1, maxLength: 3 })
          : operator === "like" || operator === "not_like"
            ? fc
                .string({
                  unit: fc.constantFrom("a", "b", "%", "_", "\\%", "\\_", "\\\\", "A", "İ", "\u{1f600}", "."),
                  maxLength: 6,
                })
                .map((pattern) => [pattern])
            : text.map((one) => [one]);
  return texts.map((values) => filterWithValues({ column: target, operator }, values, "p"));
}

let instance: DuckDBInstance;
let pool: ConnectionPool;
let database: Kysely<EventTables>;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  pool = new ConnectionPool(() => instance.connect(), { connections: 2 });
  database = new Kysely<EventTables>({ dialect: new DuckDbDialect(pool) });
  const definitions = columns.map(
    ({ name, type, isList }) => `"${name}" ${DUCKDB_TYPES[SEMANTIC_TYPES[type].storage]}${isList ? "[]" : ""}`,
  );
  await sql.raw(`CREATE TABLE agreement (n INTEGER, ${definitions.join(", ")})`).execute(database);
});

afterAll(async () => {
  await pool.close();
  instance.closeSync();
});

async function insert(rows: readonly Row[]): Promise<void> {
  await sql`TRUNCATE agreement`.execute(database);
  const tuples = rows.map((row, n) => {
    const values = row.map((value, i) => {
      const { type } = columns[i]!;
      const bind = (item: ScalarValue): BoundValue | null =>
        item === null ? null : new BoundValue(SEMANTIC_TYPES[type].storage, item);
      if (!Array.isArray(value)) return sql`${bind(value as ScalarValue)}`;
      const cast = sql.raw(`::${DUCKDB_TYPES[SEMANTIC_TYPES[type].storage]}[]`);
      return value.length === 0 ? sql`[]${cast}` : sql`[${sql.join(value.map(bind))}]${cast}`;
    });
    return sql`(${n}, ${sql.join(values)})`;
  });
  await sql`INSERT INTO agreement VALUES ${sql.join(tuples)}`.execute(database);
}

const cases = columns.flatMap((target) => {
  const operators: readonly Operator[] = target.isList
    ? LIST_OPERATORS
    : [...SEMANTIC_TYPES[target.type].operators, "is_null"];
  return operators.map((operator): [string, Column, Operator] => [`${target.name}_${operator}`, target, operator]);
});

describe("a filter's two forms", () => {
  it("agree for every operator of every type", async () => {
    await fc.assert(
      fc.asyncProperty(
        rowsArbitrary,
        fc.tuple(...cases.map(([, target, operator]) => filterArbitrary(target, operator))),
        async (rows, filters) => {
          await insert(rows);
          const conditions = filters.map(
            (filter, i) =>
              sql`list(n ORDER BY n) FILTER (${filterCondition(duckdbSql, filter)}) AS ${sql.ref(`c${i}`)}`,
          );
          const { rows: answers } = await sql<
            Record<string, number[] | null>
          >`SELECT ${sql.join(conditions)} FROM agreement`.execute(database);
          for (const [i, filter] of filters.entries()) {
            const predicates = createPredicates(table, [filter]);
            const expected = rows.flatMap((row, n) => (matchesFilters(predicates, row) ? [n] : []));
            expect({ case: cases[i]![0], values: filter.values, rows: answers[0]![`c${i}`] ?? [] }).toEqual({
              case: cases[i]![0],
              values: filter.values,
              rows: expected,
            });
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
