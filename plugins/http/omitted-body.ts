import { ascii, indexOfByte } from "../../runtime/plugin/index.js";
import { Ascii, mayStartWith } from "./ascii.js";
import { canBegin, readRequestLine, startLine } from "./start-line.js";

/** What a client sends that waited for 100 and got a final response (RFC 9110, section 10.1.1). */
export const Next = { Unknown: 0, Body: 1, Request: 2 } as const;

/** Longest request line that is waited for. */
const MAX_LINE = 8192;

/** Methods of the IANA registry, which distinguish a request from the end of a body with a request after it. */
const METHODS = (
  "ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF " +
  "MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH POST PRI PROPFIND PROPPATCH PUT QUERY REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK " +
  "UNLOCK UPDATE UPDATEREDIRECTREF VERSION-CONTROL"
)
  .split(" ")
  .map((method) => ascii(`${method} `));

/** Whether `bytes[start, end)` are a new request or the body of `bodyBytes`, which the client may leave out. */
export function whatFollows(bytes: Uint8Array, start: number, end: number, bodyBytes: number): number {
  const lineFeed = indexOfByte(bytes, Ascii.LineFeed, start, Math.min(end, start + MAX_LINE));
  if (lineFeed !== -1) {
    const lineEnd = lineFeed > start && bytes[lineFeed - 1] === Ascii.Return ? lineFeed - 1 : lineFeed;
    if (!readRequestLine(bytes, start, lineEnd)) return Next.Body;
    // A target with a space in it is the end of a body and the request after that.
    const { methodEnd, targetStart, targetEnd } = startLine;
    if (indexOfByte(bytes, Ascii.Space, targetStart, targetEnd) !== -1) return Next.Body;
    const isAfterBody = start + bodyBytes < methodEnd && mayBeMethod(bytes, start + bodyBytes, lineEnd);
    return isAfterBody && !mayBeMethod(bytes, start, lineEnd) ? Next.Body : Next.Request;
  }
  if (!canBegin(bytes, start, end, false) || end - start >= MAX_LINE) return Next.Body;
  if (end - start < bodyBytes) return Next.Unknown;
  return mayBeMethod(bytes, start, end) ? Next.Unknown : Next.Body;
}

/** Whether the bytes, as many as there are, begin with a registered method. */
function mayBeMethod(bytes: Uint8Array, start: number, end: number): boolean {
  return METHODS.some((method) => mayStartWith(bytes, start, end, method));
}
