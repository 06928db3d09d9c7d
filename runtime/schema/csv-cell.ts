import type { Column } from "./event-table.js";
import { formatCell } from "./format-value.js";
import type { Value } from "./value.js";

/** Beginnings that a spreadsheet interprets as a formula (OWASP, CSV Injection). */
const FORMULA_START = /^[=+\-@\t\r\n]/;

/**
 * A value as a CSV cell that spreadsheets do not interpret as a formula, before the quotes that CSV itself may need: a text that begins like
 * a formula is preceded by an apostrophe. Numbers, times and other values that the sender cannot choose freely are written as by
 * {@link formatCell}, negative numbers too.
 */
export function formatSafeCsvCell(column: Column, value: Value): string {
  const cell = formatCell(column, value);
  return column.type === "text" && FORMULA_START.test(cell) ? `'${cell}` : cell;
}
