import { type CompiledQuery, type Expression, type Kysely, type SqlBool, sql } from "kysely";
import type { EventTable } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import type { ScalarValue, Value } from "../../schema/value.js";
import type { Ordering, RowSelection } from "../store.js";
import { BoundValue } from "./bound-value.js";
import { filterExpression } from "./filter-expression.js";

/** Event tables are known only by their definitions: any name, any columns. */
export type EventTables = Record<string, Record<string, unknown>>;

/** The statement of a selection. */
export function compileSelection(database: Kysely<EventTables>, selection: RowSelection): CompiledQuery {
  let query = database
    .selectFrom(selection.table.resource)
    .select(selection.columns.map((column) => column.name))
    .where(conjunction(selection.filters.map(filterExpression)));
  if (selection.after !== undefined) query = query.where(afterCondition(selection.orderBy, selection.after));
  for (const { column, isDescending } of selection.orderBy) {
    query = query.orderBy(sql.ref(column.name), (order) => (isDescending ? order.desc() : order.asc()).nullsLast());
  }
  if (selection.limit !== undefined) query = query.limit(sql.lit(selection.limit));
  return query.compile();
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
  const bound = new BoundValue(first.column.type, after[0] as Exclude<ScalarValue, null>);
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
    : sql<SqlBool>`${reference} = ${new BoundValue(column.type, value)}`;
}

/** Undefined where nothing comes after the value. */
function beyondCondition({ column, isDescending }: Ordering, value: ScalarValue): Expression<SqlBool> | undefined {
  if (value === null) return undefined;
  const reference = sql.ref(column.name);
  const bound = new BoundValue(column.type, value);
  const beyond = isDescending ? sql<SqlBool>`${reference} < ${bound}` : sql<SqlBool>`${reference} > ${bound}`;
  return column.isNullable ? sql<SqlBool>`(${beyond} OR ${reference} IS NULL)` : beyond;
}
