import type { FieldModel } from "./field-model.js";
import type { IncludedGroup, MessageModel } from "./message-model.js";

/** A table of rows, whatever its rows come from: all that a {@link DatabaseEmitter} knows. */
export interface TableModel {
  /** snake_case. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly origin: TableOrigin;
  /** In the order of rows as people see them. */
  readonly columns: readonly ColumnModel[];
  /** Columns whose values identify a row. */
  readonly key: readonly ColumnModel[];
  /** Columns that rows are looked for by most often, in the order that stores should keep rows in. */
  readonly order: readonly ColumnModel[];
  /** How long rows are kept, in seconds; undefined for as long as there is room. */
  readonly retentionSeconds: number | undefined;
}

/** Where a table's rows come from. */
export type TableOrigin =
  /** Agents send them: the rows of a plugin's event. */
  | { readonly kind: "event"; readonly message: MessageModel }
  /** The store makes them of another table's rows, a row for each interval. */
  | { readonly kind: "rollup"; readonly of: TableModel; readonly intervalSeconds: number }
  /** The collector or the agent makes them itself, as counters and losses. */
  | { readonly kind: "engine" };

/** One column of a table: a field of the event, or one of a group that it includes. */
export interface ColumnModel {
  readonly field: FieldModel;
  /** The group that the field is of; undefined for one of the event itself. */
  readonly group: IncludedGroup | undefined;
  /** Number in the service's field enum. */
  readonly fieldNumber: number;
  /** Place among the table's columns, which the lock file keeps; two that came with merged branches may have the same. */
  readonly order: number;
}
