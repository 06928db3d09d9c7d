import { indexOfByte } from "../../runtime/plugin/index.js";
import { Ascii, isTokenByte } from "./ascii.js";
import { skipEmptyLines } from "./header-end.js";
import { startLine } from "./start-line.js";

/** Bytes of the shortest method, `GET`, which is the one that HTTP/0.9 has. */
const GET_BYTES = 3;

/**
 * Reads a request line without a version, `bytes[start, end)`, into {@link startLine}: a method in capital letters and a path. With header
 * fields after it, up to `headerEnd`, a client left the version out; `GET` without any is HTTP/0.9 (RFC 1945, section 4.1). False for
 * anything else.
 */
export function readVersionlessLine(bytes: Uint8Array, start: number, end: number, headerEnd: number): boolean {
  let methodEnd = start;
  while (methodEnd < end && bytes[methodEnd]! >= 65 && bytes[methodEnd]! <= 90) methodEnd++;
  if (methodEnd - start < GET_BYTES || methodEnd + 1 >= end) return false;
  if (bytes[methodEnd] !== Ascii.Space || bytes[methodEnd + 1] !== Ascii.Slash) return false;
  let targetEnd = end;
  while (bytes[targetEnd - 1] === Ascii.Space) targetEnd--;
  for (let at = methodEnd + 1; at < targetEnd; at++) if (bytes[at]! <= Ascii.Space || bytes[at] === 127) return false;
  const next = indexOfByte(bytes, Ascii.LineFeed, end, headerEnd) + 1;
  const hasFields = next > 0 && next < headerEnd && bytes[next] !== Ascii.Return && bytes[next] !== Ascii.LineFeed;
  if (hasFields && !isFieldLine(bytes, next, headerEnd)) return false;
  startLine.methodEnd = methodEnd;
  startLine.targetStart = methodEnd + 1;
  startLine.targetEnd = targetEnd;
  startLine.versionStart = end;
  startLine.versionEnd = end;
  startLine.isSimple = !hasFields && methodEnd - start === GET_BYTES && bytes[start] === LETTER_G;
  return true;
}

/** True where `bytes[start, end)` are a line, with its end, that is a request of HTTP/0.9: nothing but an empty line follows before the response. */
export function isSimpleRequest(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || bytes[start] !== LETTER_G || bytes[end - 1] !== Ascii.LineFeed) return false;
  const lineFeed = indexOfByte(bytes, Ascii.LineFeed, start, end);
  const isEnd = skipEmptyLines(bytes, lineFeed, end) === end;
  const lineEnd = bytes[lineFeed - 1] === Ascii.Return ? lineFeed - 1 : lineFeed;
  return isEnd && readVersionlessLine(bytes, start, lineEnd, end) && startLine.isSimple;
}

function isFieldLine(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && isTokenByte(bytes[at]!)) at++;
  return at > start && at < end && bytes[at] === Ascii.Colon;
}

const LETTER_G = 71;
