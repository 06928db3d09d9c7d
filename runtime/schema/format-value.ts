import { formatHex } from "../bytes/hexadecimal.js";
import { formatDuration } from "./duration-text.js";
import type { Column } from "./event-table.js";
import { formatMac } from "./hexadecimal.js";
import { formatIp } from "./ip-text.js";
import { formatTimestamp } from "./timestamp-text.js";
import type { ScalarValue, Value } from "./value.js";

/**
 * Text of a value that is not a list, without quotes: RFC 3339 times in UTC with nanoseconds, durations in seconds,
 * addresses in RFC 5952's form, enums by name (numbers that have none as they are), bytes as hexadecimal digits.
 * Empty where there is no value. `parseValue` reads it back.
 */
export function formatScalar(column: Column, value: ScalarValue): string {
  if (value === null) return "";
  switch (column.type) {
    case "timestamp":
      return formatTimestamp(value as bigint);
    case "duration":
      return formatDuration(value as bigint);
    case "ip":
      return formatIp(value as bigint);
    case "mac":
      return formatMac(value as bigint);
    case "bytes":
      return formatHex(value as Uint8Array);
    case "enum":
      return enumName(column, value as number) ?? String(value);
    default:
      return String(value);
  }
}

const namesByColumn = new WeakMap<Column, ReadonlyMap<number, string>>();

/** Name of an enum column's number; undefined for a number without one. */
export function enumName(column: Column, number: number): string | undefined {
  let names = namesByColumn.get(column);
  if (names === undefined) {
    // Of aliases, the first one declared is the name.
    names = new Map([...column.enumValues].reverse().map((value) => [value.number, value.name]));
    namesByColumn.set(column, names);
  }
  return names.get(number);
}

/** JSON text of a value, the same in the API and on the command line. */
export function formatValueJson(column: Column, value: Value): string {
  if (Array.isArray(value)) return `[${value.map((item) => formatScalarJson(column, item)).join(",")}]`;
  // A list column that a row was written without (it came with a later version of the schema) has no items.
  if (value === null && column.isList) return "[]";
  return formatScalarJson(column, value as ScalarValue);
}

function formatScalarJson(column: Column, value: ScalarValue): string {
  if (value === null) return "null";
  switch (column.type) {
    case "bool":
    case "uint32":
    case "flags":
    case "int32":
    case "uint64":
    case "int64":
    case "port":
      return String(value);
    case "double":
      // As ProtoJSON writes what JSON numbers cannot say: "NaN", "Infinity".
      return Number.isFinite(value) ? String(value) : `"${String(value)}"`;
    case "enum": {
      const name = enumName(column, value as number);
      return name === undefined ? String(value) : `"${name}"`;
    }
    case "text":
      return JSON.stringify(value);
    default:
      return `"${formatScalar(column, value)}"`;
  }
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
