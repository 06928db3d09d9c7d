import { type CompiledQuery, type Expression, type Kysely, type SqlBool, sql } from "kysely";
import type { Column, EventTable } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import type { ScalarValue, Value } from "../../schema/value.js";
import type { Ordering, RowSelection } from "../query-store.js";
import { BoundValue } from "./bound-value.js";
import { filterExpression } from "./filter-expression.js";

/** Event tables are known only by their definitions: any name, any columns. */
export type EventTables = Record<string, Record<string, unknown>>;

/** Rows, at most, that are looked up after their order is known: those of a page and one more. */
export const MAX_LOOKED_UP_ROWS = 1001;
/** The column that rows are stored in the order of, nearly: agents send rows as they come. */
const TIME = "time";
/** DuckDB's pseudocolumn of a row's place in its table. */
const ROW_NUMBER = "rowid";

/**
 * The statement of a selection.
 *
 * DuckDB's late materialization reads whole rows only after their order is known, but then looks for them in every row group. It is off, and
 * the statement does the same where it helps:
 *
 * - In the order of time, rows are stored almost in order, and only the last row groups are read. Where the filters keep many rows, the times
 *   of the page are found first and whole rows are read at these times only; this matters where rows of the same times are spread over the
 *   table.
 * - In any other order all rows are looked at, and the page is then read by its row numbers.
 */
export function compileSelection(database: Kysely<EventTables>, selection: RowSelection): CompiledQuery {
  const { table, columns, filters, orderBy, after } = selection;
  const conditions: Expression<SqlBool>[] = filters.map(filterExpression);
  if (after !== undefined) conditions.push(afterCondition(orderBy, after));
  const wanted = columns.map((column) => column.name);
  const statement = (selected: readonly string[], where: readonly Expression<SqlBool>[], order = orderBy) => {
    let query = database.selectFrom(table.resource).select(selected).where(conjunction(where));
    for (const { column, isDescending } of order) {
      query = query.orderBy(sql.ref(column.name), (item) => (isDescending ? item.desc() : item.asc()).nullsLast());
    }
    return selection.limit === undefined ? query : query.limit(sql.lit(selection.limit));
  };
  const key = lookUpKey(selection);
  if (key === undefined) return statement(wanted, conditions).compile();
  // The times of the first rows are the same, however rows of one time are ordered.
  const keyOrder = key === TIME ? orderBy.slice(0, 1) : orderBy;
  const isOnPage = sql<SqlBool>`${sql.ref(key)} IN ${statement([key], conditions, keyOrder)}`;
  // Other rows may have a time of the page too.
  return statement(wanted, key === TIME ? [...conditions, isOnPage] : [isOnPage]).compile();
}

/** What the rows of a page are looked up by; undefined where they are read at once. */
function lookUpKey({ filters, orderBy, limit }: RowSelection): string | undefined {
  if (limit === undefined || limit > MAX_LOOKED_UP_ROWS || orderBy.length === 0) return undefined;
  if (orderBy[0]!.column.name !== TIME) return ROW_NUMBER;
  return filters.every(({ column }) => keepsManyRows(column)) ? TIME : undefined;
}

/** Whether a condition on the column probably keeps many rows of a row group: a time range, or a column of few distinct values. */
function keepsManyRows({ name, type, isList }: Column): boolean {
  return name === TIME || ((type === "enum" || type === "bool") && !isList);
}

/** The statement that counts the rows that meet the filters, up to `cap`. */
export function compileCount(
  database: Kysely<EventTables>,
  table: EventTable,
  filters: readonly ParsedFilter[],
  cap: number | undefined,
): CompiledQuery {
  const matching = database
    .selectFrom(table.resource)
    .select(sql<number>`1`.as("one"))
    .where(conjunction(filters.map(filterExpression)));
  return database
    .selectFrom((cap === undefined ? matching : matching.limit(sql.lit(cap))).as("matching"))
    .select((expression) => expression.fn.countAll<bigint>().as("row_count"))
    .compile();
}

/** The statement of the first and the last time of an event's rows; both null without rows. */
export function compileTimeRange(database: Kysely<EventTables>, table: EventTable): CompiledQuery {
  return database
    .selectFrom(table.resource)
    .select([sql`min(${sql.ref("time")})`.as("first"), sql`max(${sql.ref("time")})`.as("last")])
    .compile();
}

function conjunction(conditions: readonly Expression<SqlBool>[]): Expression<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`TRUE` : sql<SqlBool>`(${sql.join(conditions, sql` AND `)})`;
}

/**
 * Rows after the one with these values, in an order where rows without a value come last:
 * `a > $1 OR (a = $1 AND b > $2) …`. The bound on the first column stands once more by itself where it has always a
 * value, because only that lets the database leave out row groups.
 */
function afterCondition(orderBy: readonly Ordering[], after: readonly Value[]): Expression<SqlBool> {
  const alternatives: Expression<SqlBool>[] = [];
  for (let i = 0; i < orderBy.length; i++) {
    const beyond = beyondCondition(orderBy[i]!, after[i] as ScalarValue);
    if (beyond === undefined) continue;
    const equal = orderBy.slice(0, i).map((ordering, j) => equalCondition(ordering, after[j] as ScalarValue));
    alternatives.push(conjunction([...equal, beyond]));
  }
  if (alternatives.length === 0) return sql<SqlBool>`FALSE`;
  const either = sql<SqlBool>`(${sql.join(alternatives, sql` OR `)})`;
  const [first] = orderBy;
  if (first === undefined || first.column.isNullable) return either;
  const bound = new BoundValue(SEMANTIC_TYPES[first.column.type].storage, after[0] as Exclude<ScalarValue, null>);
  const reference = sql.ref(first.column.name);
  return conjunction([
    first.isDescending ? sql<SqlBool>`${reference} <= ${bound}` : sql<SqlBool>`${reference} >= ${bound}`,
    either,
  ]);
}

function equalCondition({ column }: Ordering, value: ScalarValue): Expression<SqlBool> {
  const reference = sql.ref(column.name);
  return value === null
    ? sql<SqlBool>`${reference} IS NULL`
    : sql<SqlBool>`${reference} = ${new BoundValue(SEMANTIC_TYPES[column.type].storage, value)}`;
}

/** Undefined where nothing comes after the value. */
function beyondCondition({ column, isDescending }: Ordering, value: ScalarValue): Expression<SqlBool> | undefined {
  if (value === null) return undefined;
  const reference = sql.ref(column.name);
  const bound = new BoundValue(SEMANTIC_TYPES[column.type].storage, value);
  const beyond = isDescending ? sql<SqlBool>`${reference} < ${bound}` : sql<SqlBool>`${reference} > ${bound}`;
  return column.isNullable ? sql<SqlBool>`(${beyond} OR ${reference} IS NULL)` : beyond;
}
