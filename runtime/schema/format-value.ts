import type { Column } from "./event-table.js";
import { SEMANTIC_TYPES } from "./semantic-types.js";
import type { ScalarValue, Value } from "./value.js";

/**
 * Text of a value that is not a list, without quotes: RFC 3339 times in UTC with nanoseconds, durations in seconds,
 * addresses in RFC 5952's form, enums by name (numbers that have none as they are), bytes as hexadecimal digits.
 * Empty if there is no value. `parseValue` reads it back.
 */
export function formatScalar(column: Column, value: ScalarValue): string {
  return value === null ? "" : SEMANTIC_TYPES[column.type].format(value, column);
}

/** JSON text of a value, the same in the API and on the command line. */
export function formatValueJson(column: Column, value: Value): string {
  if (Array.isArray(value)) return `[${value.map((item) => formatScalarJson(column, item)).join(",")}]`;
  // A list column that a row was written without (it came with a later version of the schema) has no items.
  if (value === null && column.isList) return "[]";
  return formatScalarJson(column, value as ScalarValue);
}

function formatScalarJson(column: Column, value: ScalarValue): string {
  return value === null ? "null" : SEMANTIC_TYPES[column.type].formatJson(value, column);
}

/** What keeps an item of a list from being read back as it is: the space between items, the quotes around one, nothing at all. */
const NEEDS_QUOTES = /[\s"]|^$/;

/**
 * A value as a cell of CSV or of a table, before the quotes that CSV itself may need. The items of a list are separated by one space; an
 * item that is empty or has white space or a double quote is written as JSON text, so that the items can be read back.
 */
export function formatCell(column: Column, value: Value): string {
  if (!Array.isArray(value)) return formatScalar(column, value as ScalarValue);
  return value
    .map((item) => {
      const text = formatScalar(column, item);
      return NEEDS_QUOTES.test(text) ? JSON.stringify(text) : text;
    })
    .join(" ");
}
