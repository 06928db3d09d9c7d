import { WireCursor } from "../protobuf/wire-cursor.js";
import { WireloomError } from "../wireloom-error.js";

const ROWS_TAG = 10;
/** Opened anew by each call. */
const cursor = new WireCursor();

/**
 * Rows in the wire form of `repeated Event rows = 1`, counted up to `max + 1`; reads lengths only, not the rows.
 * Throws a {@link WireloomError} `malformed_row_group` on bytes that are not such a list.
 */
export function countRows(bytes: Uint8Array, max: number): number {
  cursor.open(bytes, 0, bytes.length);
  let count = 0;
  while (cursor.position < cursor.end && count <= max) {
    if (bytes[cursor.position++] !== ROWS_TAG) {
      throw new WireloomError(
        "malformed_row_group",
        `a row group holds something other than rows at byte ${cursor.position - 1}`,
      );
    }
    const length = cursor.length();
    cursor.position += length;
    count++;
  }
  return count;
}
