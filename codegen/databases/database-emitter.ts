import type { ColumnModel, TableModel } from "../model/table-model.js";

/**
 * What is generated for one database. An example is `duckdb.ts`; CONTRIBUTING, "To add a store", lists what else a new one takes.
 *
 * The statements are run as they are: identifiers come from the schema alone, which has no other characters than `a` to `z`, digits and `_`.
 */
export interface DatabaseEmitter {
  /** Scheme of the store's location, and name of the generated file: `generated/<plugin>/<scheme>.ts`. */
  readonly scheme: string;
  /** The statement that makes the table with all of its columns. */
  createTable(table: TableModel): string;
  /** The statement that adds a column to a table that may have rows. */
  addColumn(table: TableModel, column: ColumnModel): string;
}
