import { type CompiledQuery, type Expression, type Kysely, type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { EventTable } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import type { Ordering, RowSelection } from "../query-store.js";
import { afterCondition } from "./after-condition.js";
import { conjunction } from "./conjunction.js";
import type { DatabaseSql } from "./database-sql.js";
import { filterCondition } from "./filter-condition.js";

/** Event tables are known only by their definitions: any name, any columns. */
export type EventTables = Record<string, Record<string, unknown>>;

/** The conditions of a selection: its filters, and that rows come after a row. */
export function selectionConditions(
  database: DatabaseSql,
  { filters, orderBy, after }: RowSelection,
): Expression<SqlBool>[] {
  const conditions = filters.map((filter) => filterCondition(database, filter));
  if (after !== undefined) conditions.push(afterCondition(orderBy, after));
  return conditions;
}

/** What a statement selects of an event's table. */
export interface OrderedRows {
  readonly table: EventTable;
  /** Names of columns, in the order of the answer's. */
  readonly selected: readonly string[];
  readonly conditions: readonly Expression<SqlBool>[];
  readonly orderBy: readonly Ordering[];
  readonly limit: number | undefined;
}

/** The statement of rows that meet conditions, in an order; rows without a value come last. */
export function selectOrdered(
  database: Kysely<EventTables>,
  { table, selected, conditions, orderBy, limit }: OrderedRows,
): SelectQueryBuilder<EventTables, string, Record<string, unknown>> {
  let query = database.selectFrom(table.resource).select(selected).where(conjunction(conditions));
  for (const { column, isDescending } of orderBy) {
    query = query.orderBy(sql.ref(column.name), (item) => (isDescending ? item.desc() : item.asc()).nullsLast());
  }
  return limit === undefined ? query : query.limit(sql.lit(limit));
}

/** The statement that counts the rows that meet the filters, up to `cap`. */
export function compileCount(
  database: Kysely<EventTables>,
  databaseSql: DatabaseSql,
  table: EventTable,
  filters: readonly ParsedFilter[],
  cap: number | undefined,
): CompiledQuery {
  const matching = database
    .selectFrom(table.resource)
    .select(sql<number>`1`.as("one"))
    .where(conjunction(filters.map((filter) => filterCondition(databaseSql, filter))));
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
