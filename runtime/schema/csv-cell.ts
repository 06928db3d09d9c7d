import type { Column } from "./event-table.js";
import { formatCell } from "./format-value.js";
import type { Value } from "./value.js";

/** What makes a spreadsheet take a cell for a formula (OWASP, CSV Injection). */
const FORMULA_START = /^[=+\-@\t\r\n]/;

/**
 * A value as a cell of CSV, before the quotes that CSV itself may need, that no spreadsheet takes for a formula: a text that begins like
 * one has an apostrophe in front. Numbers, times and whatever else the sender does not choose freely are as {@link formatCell} writes
 * them, negative numbers too.
 */
export function formatSafeCsvCell(column: Column, value: Value): string {
  const cell = formatCell(column, value);
  return column.type === "text" && FORMULA_START.test(cell) ? `'${cell}` : cell;
}
