import type { FieldModel } from "./field-model.js";
import type { IncludedGroup, MessageModel } from "./message-model.js";

/** A table of rows from any origin, with everything that a {@link DatabaseEmitter} needs. */
export interface TableModel {
  /** snake_case. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly origin: TableOrigin;
  /** In display order. */
  readonly columns: readonly ColumnModel[];
  /** Columns whose values identify a row. */
  readonly key: readonly ColumnModel[];
  /** Columns that most queries filter by, in the order in which stores should sort rows. */
  readonly order: readonly ColumnModel[];
  /** How long rows are kept, in seconds; undefined to keep them as long as there is room. */
  readonly retentionSeconds: number | undefined;
}

/** Origin of a table's rows. */
export type TableOrigin =
  /** Agents send them: the rows of a plugin's event. */
  | { readonly kind: "event"; readonly message: MessageModel }
  /** The store aggregates them from another table's rows, one row for each interval. */
  | { readonly kind: "rollup"; readonly of: TableModel; readonly intervalSeconds: number }
  /** The collector or the agent creates them, such as counters and losses. */
  | { readonly kind: "engine" };

/** One column of a table: a field of the event, or one of a group that it includes. */
export interface ColumnModel {
  readonly field: FieldModel;
  /** The group that the field belongs to; undefined for a field of the event itself. */
  readonly group: IncludedGroup | undefined;
  /** Number in the service's field enum. */
  readonly fieldNumber: number;
  /** Position among the table's columns, stored in the lock file; two columns from merged branches may have the same. */
  readonly order: number;
}
