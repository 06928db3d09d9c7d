import type { Column } from "../../schema/event-table.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";

/**
 * A row as the API and `wireloom decode` write it: JSON values by column name. A whole number of 64 bits that a `number` cannot hold is a bigint.
 */
export type RowObject = Readonly<Record<string, unknown>>;

/** Strings and numbers of a JSON text. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
/**
 * Prefix of a string that replaces a number, as JSON text and as a value. A string that already begins with it is prefixed once more.
 */
const MARK = { json: "\\u0000", value: "\u0000" };

/** The object of a row's JSON text, with all digits of the numbers in columns of 64 bits. */
export function parseRow(json: string, columns: readonly Column[]): RowObject {
  const wide = new Set(
    columns.filter(({ type }) => /^[iu]64$/.test(SEMANTIC_TYPES[type].storage)).map(({ name }) => name),
  );
  const marked = json.replaceAll(TOKEN, (token) => {
    if (token.startsWith(`"${MARK.json}`)) return `"${MARK.json}${token.slice(1)}`;
    return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${MARK.json}${token}"` : token;
  });
  return JSON.parse(marked, (key, value: unknown) => {
    if (typeof value !== "string" || !value.startsWith(MARK.value)) return value;
    const text = value.slice(1);
    if (text.startsWith(MARK.value)) return text;
    return wide.has(key) ? BigInt(text) : Number(text);
  });
}
