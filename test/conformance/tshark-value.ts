import { parseDuration } from "../../runtime/schema/duration-text.js";
import type { Column } from "../../runtime/schema/event-table.js";
import { parseTimestamp } from "../../runtime/schema/timestamp-text.js";

/**
 * tshark's text of a value in the form that {@link ourValue} gives the same value, as the column's semantic type says; null if it stands for
 * no value.
 */
export function tsharkValue(column: Column, text: string): string | null {
  switch (column.type) {
    case "bool":
      return text === "1" || text === "True" ? "true" : "false";
    case "duration":
      return String(parseDuration(`${text}s`));
    case "timestamp":
      return text === "NULL" ? null : String(parseTime(text));
    case "bytes":
      return text.replaceAll(":", "");
    case "ip":
    case "mac":
    case "uuid":
    case "text":
      return text;
    case "double":
      return String(Number(text));
    default:
      // Decimal, or hexadecimal with 0x before it; a text is not a number, and differs from every number.
      return /^-?\d+$|^0x[\da-f]+$/i.test(text) ? String(BigInt(text)) : text;
  }
}

/** A value of a row's JSON in comparable form; null for no value. Names of domains are written as tshark shows them. */
export function ourValue(column: Column, value: unknown): string | null {
  if (value === null) return null;
  switch (column.type) {
    case "duration":
      return String(parseDuration(String(value)));
    case "timestamp":
      return String(parseTimestamp(String(value)));
    case "enum":
      return String(column.enumValues.find(({ name }) => name === value)?.number ?? value);
    case "text":
      return asTsharkText(String(value));
    default:
      return String(value);
  }
}

/** Text with `\DDD` and `\x` escapes as tshark shows its bytes: UTF-8, C escapes for control characters, `<Root>` for the root. */
function asTsharkText(text: string): string {
  if (text === ".") return "<Root>";
  const bytes: number[] = [];
  for (const [, decimal, escaped, plain] of text.matchAll(/\\(\d{3})|\\(\D)|([^\\])/gu)) {
    bytes.push(...(decimal === undefined ? Buffer.from((escaped ?? plain)!) : [Number(decimal)]));
  }
  return Buffer.from(bytes)
    .toString("utf8")
    .replaceAll(
      /\p{Cc}/gu,
      (control) => C_ESCAPES[control] ?? `\\${control.charCodeAt(0).toString(8).padStart(3, "0")}`,
    );
}

const C_ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
};

/** tshark's `Nov 24, 2026 00:32:48.971333955 UTC` in nanoseconds; some of its times have no fraction. */
function parseTime(text: string): bigint | undefined {
  const match = /^(\w{3}) +(\d+), (\d{4}) ([\d:]{8}(?:\.\d{9})?) UTC$/.exec(text);
  if (match === null) throw new Error(`not a time as tshark writes it: ${text}`);
  const [, month, day, year, clock] = match;
  const monthNumber = "JanFebMarAprMayJunJulAugSepOctNovDec".indexOf(month!) / 3 + 1;
  return parseTimestamp(`${year}-${String(monthNumber).padStart(2, "0")}-${day!.padStart(2, "0")}T${clock}Z`);
}

/** Form of a field in milliseconds for a column in nanoseconds. */
export function milliseconds(text: string): string {
  return String(parseDuration(`${text}ms`));
}
