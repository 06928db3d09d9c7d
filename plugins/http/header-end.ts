import { indexOfByte } from "../../runtime/plugin/index.js";
import { Ascii } from "./ascii.js";

/** Longest header that is waited for, in bytes. */
export const MAX_HEADER = 65536;

/** Position after empty lines before a message, which some senders leave there (RFC 9112, section 2.2). */
export function skipEmptyLines(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === Ascii.Return || bytes[at] === Ascii.LineFeed)) at++;
  return at;
}

/**
 * Position after the empty line that ends the header at `start`, looked for from `from` on; -1 when it is not there. Lines may end with
 * a line feed alone (RFC 9112, section 2.2).
 */
export function findHeaderEnd(bytes: Uint8Array, start: number, from: number, end: number): number {
  let at = from;
  for (;;) {
    const lineFeed = indexOfByte(bytes, Ascii.LineFeed, at, end);
    if (lineFeed === -1) return -1;
    const before = lineFeed > start && bytes[lineFeed - 1] === Ascii.Return ? lineFeed - 2 : lineFeed - 1;
    if (before >= start && bytes[before] === Ascii.LineFeed) return lineFeed + 1;
    at = lineFeed + 1;
  }
}

const line = { end: 0, next: 0 };

/** End of the line at `start`, without what ends it, and where the next one begins; one object, filled again. */
export function lineEnd(bytes: Uint8Array, start: number, end: number): Readonly<typeof line> {
  const lineFeed = indexOfByte(bytes, Ascii.LineFeed, start, end);
  const stop = lineFeed === -1 ? end : lineFeed;
  line.end = stop > start && bytes[stop - 1] === Ascii.Return ? stop - 1 : stop;
  line.next = Math.min(end, stop + 1);
  return line;
}
