import type { Column, EventQuery, EventTable, Filter, PathTemplate } from "./event-table.js";
import type { Operator } from "./operators.js";

/** Query options of a table, in generated code. */
export interface QueryStatement {
  /** Operators of filter parameters by column: `query_name: ["eq"]` is `query_name_eq`. */
  readonly filters: Readonly<Record<string, readonly Operator[]>>;
  /** Columns that rows can be ordered by. */
  readonly orderings: readonly string[];
  /** Columns with a collection for each of their values, and the collection's path template. */
  readonly paths: Readonly<Record<string, string>>;
}

/** The look-up tables of a table's queries. */
export function defineQuery(table: EventTable, { filters, orderings, paths }: QueryStatement): EventQuery {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  // Generated statements name the table's columns.
  const columnOf = (name: string): Column => columns.get(name)!;
  return {
    filters: new Map(
      Object.entries(filters).flatMap(([name, operators]) =>
        operators.map((operator): [string, Filter] => [`${name}_${operator}`, { column: columnOf(name), operator }]),
      ),
    ),
    orderings: new Map(orderings.map((name) => [name, columnOf(name)])),
    columnsByNumber: new Map(table.columns.map((column) => [column.fieldNumber, column])),
    pathTemplates: Object.entries(paths).map(
      ([name, template]): PathTemplate => ({
        template,
        placeholder: name,
        filter: { column: columnOf(name), operator: "eq" },
      }),
    ),
  };
}
