import type { Column } from "../../schema/event-table.js";

/** What is to be known of a column of a statement's answer to read it. */
export type StoredColumn = Pick<Column, "type" | "isList">;
