import type { Row, Value } from "./value.js";

/** Bytes that a value takes beside its text. */
const VALUE_BYTES = 16;

/** About how many bytes of memory a row takes, and of JSON within a small factor: what bounds by rows alone cannot hold. */
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
