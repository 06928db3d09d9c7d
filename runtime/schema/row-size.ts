import type { Row, Value } from "./value.js";

/** Size of a value without its text, in bytes. */
const VALUE_BYTES = 16;

/** Estimated memory of a row in bytes, and its size in JSON within a small factor; used where a limit of rows is not sufficient. */
export function rowSize(row: Row): number {
  let bytes = 0;
  for (const value of row) bytes += valueSize(value);
  return bytes;
}

function valueSize(value: Value): number {
  if (typeof value === "string" || value instanceof Uint8Array) return VALUE_BYTES + value.length;
  if (!Array.isArray(value)) return VALUE_BYTES;
  let bytes = VALUE_BYTES;
  for (const item of value) bytes += valueSize(item);
  return bytes;
}
