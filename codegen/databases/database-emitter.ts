import type { ColumnModel, TableModel } from "../model/table-model.js";

/**
 * Generates the table definitions of one database. An example is `duckdb.ts`; CONTRIBUTING, "To add a store", lists the other parts of a new
 * one.
 *
 * Identifiers are not escaped in the statements: they come from the schema alone and consist of `a` to `z`, digits and `_`.
 */
export interface DatabaseEmitter {
  /** Scheme of the store's location, and name of the generated file: `generated/<plugin>/<scheme>.ts`. */
  readonly scheme: string;
  /** The statement that creates the table with all of its columns. */
  createTable(table: TableModel): string;
  /** The statement that adds a column to a table that may have rows. */
  addColumn(table: TableModel, column: ColumnModel): string;
}
