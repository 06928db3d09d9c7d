import { type CompiledQuery, type Kysely, type SqlBool, sql } from "kysely";
import type { Column } from "../../schema/event-table.js";
import type { RowSelection } from "../query-store.js";
import { type EventTables, selectionConditions, selectOrdered } from "../sql/row-selection.js";
import { duckdbSql } from "./duckdb-sql.js";

/** Rows, at most, that are looked up after their order is known: those of a page and one more. */
export const MAX_LOOKED_UP_ROWS = 1001;
/** The column in whose order rows are nearly stored, because agents send rows as they come. */
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
 * - In any other order the order's columns of all rows are read, and then the page by its row numbers.
 */
export function compileSelection(database: Kysely<EventTables>, selection: RowSelection): CompiledQuery {
  const { table, columns, orderBy, limit } = selection;
  const conditions = selectionConditions(duckdbSql, selection);
  const selected = columns.map((column) => column.name);
  const key = lookUpKey(selection);
  if (key === undefined) return selectOrdered(database, { table, selected, conditions, orderBy, limit }).compile();
  // The times of the first rows are the same, however rows of one time are ordered.
  const keyOrder = key === TIME ? orderBy.slice(0, 1) : orderBy;
  const keys = selectOrdered(database, { table, selected: [key], conditions, orderBy: keyOrder, limit });
  const isOnPage = sql<SqlBool>`${sql.ref(key)} IN ${keys}`;
  // Other rows may have a time of the page too.
  const pageConditions = key === TIME ? [...conditions, isOnPage] : [isOnPage];
  return selectOrdered(database, { table, selected, conditions: pageConditions, orderBy, limit }).compile();
}

/** The column by which the rows of a page are looked up; undefined where they are read at once. */
function lookUpKey({ filters, orderBy, limit }: RowSelection): string | undefined {
  if (limit === undefined || limit > MAX_LOOKED_UP_ROWS || orderBy.length === 0) return undefined;
  if (orderBy[0]!.column.name !== TIME) return ROW_NUMBER;
  return filters.every(({ column }) => keepsManyRows(column)) ? TIME : undefined;
}

/** Whether a condition on the column probably keeps many rows of a row group: a time range, or a column of few distinct values. */
function keepsManyRows({ name, type, isList }: Column): boolean {
  return name === TIME || ((type === "enum" || type === "bool") && !isList);
}
