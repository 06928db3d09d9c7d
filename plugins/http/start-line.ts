import { Ascii, ascii, isTokenByte, startsWith } from "./ascii.js";

const VERSION = ascii("HTTP/1.");
/** Bytes of `HTTP/1.1`. */
const VERSION_BYTES = 8;
/** No registered method is longer (IANA registry "HTTP Method Registry": UPDATEREDIRECTREF). */
const MAX_METHOD = 20;

/** Where the parts of a start line stand; one object, filled anew for each line. */
export const startLine = {
  methodEnd: 0,
  targetStart: 0,
  targetEnd: 0,
  versionStart: 0,
  versionEnd: 0,
  status: 0,
  reasonStart: 0,
};

/** Reads a request line (RFC 9112, section 3) of `bytes[start, end)` into {@link startLine}; false for what is none. */
export function readRequestLine(bytes: Uint8Array, start: number, end: number): boolean {
  const methodEnd = endOfMethod(bytes, start, end);
  if (methodEnd === -1 || methodEnd === end) return false;
  const versionStart = end - VERSION_BYTES;
  if (versionStart <= methodEnd || bytes[versionStart - 1] !== Ascii.Space) return false;
  if (!startsWith(bytes, versionStart, end, VERSION)) return false;
  startLine.methodEnd = methodEnd;
  startLine.targetStart = methodEnd + 1;
  startLine.targetEnd = versionStart - 1;
  startLine.versionStart = versionStart;
  startLine.versionEnd = end;
  return startLine.targetEnd > startLine.targetStart;
}

/** Reads a status line (RFC 9112, section 4) of `bytes[start, end)` into {@link startLine}; false for what is none. */
export function readStatusLine(bytes: Uint8Array, start: number, end: number): boolean {
  const statusStart = start + VERSION_BYTES + 1;
  if (end < statusStart + 3 || !startsWith(bytes, start, end, VERSION)) return false;
  let status = 0;
  for (let i = 0; i < 3; i++) {
    const digit = bytes[statusStart + i]! - 48;
    if (digit < 0 || digit > 9) return false;
    status = status * 10 + digit;
  }
  if (status < 100) return false;
  startLine.versionStart = start;
  startLine.versionEnd = start + VERSION_BYTES;
  startLine.status = status;
  startLine.reasonStart = Math.min(end, statusStart + 4);
  return true;
}

/** False when the first bytes of a message, as many as there are, cannot begin a request or, with `isResponse`, a status line. */
export function canBegin(bytes: Uint8Array, start: number, end: number, isResponse: boolean): boolean {
  if (isResponse) return startsWith(bytes, start, end, VERSION.subarray(0, Math.min(VERSION.length, end - start)));
  return endOfMethod(bytes, start, end) !== -1;
}

/** Position of the space after the method, `end` where the bytes end inside it, -1 where there is no method. */
function endOfMethod(bytes: Uint8Array, start: number, end: number): number {
  const most = Math.min(end, start + MAX_METHOD + 1);
  for (let at = start; at < most; at++) {
    const byte = bytes[at]!;
    if (byte === Ascii.Space) return at > start ? at : -1;
    if (!isTokenByte(byte)) return -1;
  }
  return most === end ? end : -1;
}
