import { ascii, equalsText, lowerCase } from "../../runtime/plugin/index.js";
import { Ascii, isBlank, isTokenByte, startsWith } from "./ascii.js";

const VERSION = ascii("HTTP/1.");
/** Bytes of `HTTP/1.1`. */
const VERSION_BYTES = 8;
/** What clients take for the beginning of a status line, in any case; SHOUTcast's is the second. */
const LENIENT_VERSIONS = [ascii("http/"), ascii("icy ")] as const;
/** No registered method is longer (IANA registry "HTTP Method Registry": UPDATEREDIRECTREF). */
const MAX_METHOD = 20;
/** Digits of a status that clients read, zeros in front of it included. */
const MAX_STATUS_DIGITS = 6;

/** Where the parts of a start line stand; one object, filled again for each line. */
export const startLine = {
  methodEnd: 0,
  targetStart: 0,
  targetEnd: 0,
  versionStart: 0,
  versionEnd: 0,
  /** The request line is all of its message, of HTTP/0.9. */
  isSimple: false,
  status: 0,
  reasonStart: 0,
  /** The status line is as the format has it, rather than as clients take it too. */
  isConforming: true,
};

/**
 * Reads a request line (RFC 9112, section 3) of `bytes[start, end)` into {@link startLine}; false if it is not one. Spaces around the target
 * are omitted, as recipients may do.
 */
export function readRequestLine(bytes: Uint8Array, start: number, end: number): boolean {
  const methodEnd = endOfMethod(bytes, start, end);
  if (methodEnd === -1 || methodEnd === end) return false;
  const versionStart = end - VERSION_BYTES;
  if (versionStart <= methodEnd || bytes[versionStart - 1] !== Ascii.Space) return false;
  if (!startsWith(bytes, versionStart, end, VERSION)) return false;
  let targetStart = methodEnd + 1;
  let targetEnd = versionStart - 1;
  while (targetStart < targetEnd && bytes[targetStart] === Ascii.Space) targetStart++;
  while (targetEnd > targetStart && bytes[targetEnd - 1] === Ascii.Space) targetEnd--;
  startLine.methodEnd = methodEnd;
  startLine.targetStart = targetStart;
  startLine.targetEnd = targetEnd;
  startLine.versionStart = versionStart;
  startLine.versionEnd = end;
  startLine.isSimple = false;
  return targetEnd > targetStart;
}

/**
 * Reads a status line (RFC 9112, section 4) of `bytes[start, end)` into {@link startLine}; false if it is not one. Lines that clients take for
 * one too, such as `http/1.1  200 OK` and `ICY 200 OK`, are not conforming.
 */
export function readStatusLine(bytes: Uint8Array, start: number, end: number): boolean {
  const versionEnd = endOfVersion(bytes, start, end);
  if (versionEnd === -1) return false;
  let statusStart = versionEnd;
  while (statusStart < end && isBlank(bytes[statusStart]!)) statusStart++;
  let status = 0;
  let at = statusStart;
  for (; at < end && at - statusStart < MAX_STATUS_DIGITS; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9) break;
    status = status * 10 + digit;
  }
  const isEnded = at === end || isBlank(bytes[at]!);
  const isStrict = versionEnd - start === VERSION_BYTES && startsWith(bytes, start, end, VERSION);
  startLine.isConforming =
    isStrict &&
    isEnded &&
    statusStart === versionEnd + 1 &&
    at - statusStart === 3 &&
    bytes[versionEnd] === Ascii.Space;
  if (statusStart === versionEnd || at - statusStart < 3 || status < 100 || status > 999) return false;
  startLine.versionStart = start;
  startLine.versionEnd = versionEnd;
  startLine.status = status;
  startLine.reasonStart = Math.min(end, at + 1);
  return true;
}

/** False if the first bytes of a message, as many as there are, cannot begin a request or, with `isResponse`, a status line. */
export function canBegin(bytes: Uint8Array, start: number, end: number, isResponse: boolean): boolean {
  if (!isResponse) return endOfMethod(bytes, start, end) !== -1;
  const [http, icy] = LENIENT_VERSIONS;
  return equalsStart(bytes, start, end, http) || equalsStart(bytes, start, end, icy);
}

/** Whether `bytes[start, end)`, as far as there are as many, begins with `text`, in any case. */
function equalsStart(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  const length = Math.min(text.length, end - start);
  for (let i = 0; i < length; i++) if (lowerCase(bytes[start + i]!) !== text[i]) return false;
  return true;
}

/** Position after `HTTP/<digits>.<digits>` in any case, or `ICY`, of which a blank follows; -1 where there is neither. */
function endOfVersion(bytes: Uint8Array, start: number, end: number): number {
  const [http, icy] = LENIENT_VERSIONS;
  if (equalsText(bytes, start, Math.min(end, start + icy.length), icy)) return start + icy.length - 1;
  if (!equalsText(bytes, start, Math.min(end, start + http.length), http)) return -1;
  const point = endOfDigits(bytes, start + http.length, end);
  if (point === start + http.length || point === end || bytes[point] !== POINT) return -1;
  const versionEnd = endOfDigits(bytes, point + 1, end);
  return versionEnd > point + 1 && versionEnd < end && isBlank(bytes[versionEnd]!) ? versionEnd : -1;
}

/** A version has a digit or two, not more. */
function endOfDigits(bytes: Uint8Array, start: number, end: number): number {
  const most = Math.min(end, start + 3);
  let at = start;
  while (at < most && bytes[at]! >= 48 && bytes[at]! <= 57) at++;
  return at;
}

const POINT = 46;

/** Position of the space after the method, `end` where the bytes end inside it, -1 if there is no method. */
function endOfMethod(bytes: Uint8Array, start: number, end: number): number {
  const most = Math.min(end, start + MAX_METHOD + 1);
  for (let at = start; at < most; at++) {
    const byte = bytes[at]!;
    if (byte === Ascii.Space) return at > start ? at : -1;
    if (!isTokenByte(byte)) return -1;
  }
  return most === end ? end : -1;
}
