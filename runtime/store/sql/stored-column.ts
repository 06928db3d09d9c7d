import type { Column } from "../../schema/event-table.js";

/** What is needed to read a column of a statement's result. */
export type StoredColumn = Pick<Column, "type" | "isList">;
