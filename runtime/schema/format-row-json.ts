import type { Column } from "./event-table.js";
import { formatValueJson } from "./format-value.js";
import type { Row } from "./value.js";

const keysByColumns = new WeakMap<readonly Column[], readonly string[]>();

/** A row as one line of JSON: all columns in the given order, after `start`, which may contain other members. */
export function formatRowJson(columns: readonly Column[], row: Row, start = "{"): string {
  const keys = keysOf(columns);
  let text = start;
  for (let i = 0; i < columns.length; i++) text += keys[i]! + formatValueJson(columns[i]!, row[i]!);
  return `${text}}`;
}

/** Text that leads each value, such as `,"stratum":`. */
function keysOf(columns: readonly Column[]): readonly string[] {
  let keys = keysByColumns.get(columns);
  if (keys === undefined) {
    keys = columns.map((column, i) => `${i === 0 ? "" : ","}${JSON.stringify(column.name)}:`);
    keysByColumns.set(columns, keys);
  }
  return keys;
}
