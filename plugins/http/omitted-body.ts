import { Ascii, indexOfByte } from "./ascii.js";
import { canBegin, readRequestLine, startLine } from "./start-line.js";

/** What a client sends that waited for 100 and got a final response (RFC 9110, section 10.1.1). */
export const Next = { Unknown: 0, Body: 1, Request: 2 } as const;

/** Longest request line that is waited for. */
const MAX_LINE = 8192;

/** Whether `bytes[start, end)` are a new request or the body of `bodyBytes`, which the client may leave out. */
export function whatFollows(bytes: Uint8Array, start: number, end: number, bodyBytes: number): number {
  const lineFeed = indexOfByte(bytes, Ascii.LineFeed, start, Math.min(end, start + MAX_LINE));
  if (lineFeed !== -1) {
    const lineEnd = lineFeed > start && bytes[lineFeed - 1] === Ascii.Return ? lineFeed - 1 : lineFeed;
    if (!readRequestLine(bytes, start, lineEnd)) return Next.Body;
    // A target with a space in it is the end of a body and the request after that.
    const { targetStart, targetEnd } = startLine;
    return indexOfByte(bytes, Ascii.Space, targetStart, targetEnd) === -1 ? Next.Request : Next.Body;
  }
  if (!canBegin(bytes, start, end, false) || end - start >= Math.min(bodyBytes, MAX_LINE)) return Next.Body;
  return Next.Unknown;
}
