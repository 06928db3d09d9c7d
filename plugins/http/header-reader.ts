import type { HttpRecord } from "../../generated/http/record.js";
import { ascii, type ByteNames, byteNameSet, CREDENTIAL_FIELDS, indexOfByte } from "../../runtime/plugin/index.js";
import { Ascii } from "./ascii.js";
import { MessageFraming, REQUEST_FIELDS, RESPONSE_FIELDS } from "./field-rules.js";
import { MAX_HEADER } from "./header-end.js";
import { startLine } from "./start-line.js";

/** Version of a request that is its line alone. */
export const HTTP_0_9 = ascii("HTTP/0.9");
const COLON_AND_SPACE = ascii(": ");
/** What a user may choose of headers. */
export interface HeaderChoices {
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
}

/** Reads the headers of messages into records. */
export class HeaderReader {
  /** What the header read last reports about its body. */
  readonly framing = new MessageFraming();
  /** A value of several lines. */
  readonly #unfolded = new Uint8Array(MAX_HEADER);
  #unfoldedEnd = 0;
  readonly #chosenRequest: ByteNames<true>;
  readonly #chosenResponse: ByteNames<true>;

  constructor(choices: HeaderChoices) {
    this.#chosenRequest = byteNameSet(...choices.requestHeaders);
    this.#chosenResponse = byteNameSet(...choices.responseHeaders);
  }

  /** Takes over the request line in {@link startLine}, and the header fields `bytes[start, end)` after it. */
  readRequest(record: HttpRecord, bytes: Uint8Array, lineStart: number, start: number, end: number): void {
    const { methodEnd, targetStart, targetEnd, versionStart, versionEnd } = startLine;
    record.method.set(bytes, lineStart, methodEnd);
    record.target.set(bytes, targetStart, targetEnd);
    if (startLine.isSimple) record.requestVersion.set(HTTP_0_9, 0, HTTP_0_9.length);
    else if (versionEnd > versionStart) record.requestVersion.set(bytes, versionStart, versionEnd);
    this.#readFields(record, bytes, lineStart, start, end, false);
  }

  /** Takes over the status line in {@link startLine}, and the header fields `bytes[start, end)` after it. */
  readResponse(record: HttpRecord, bytes: Uint8Array, lineEnd: number, start: number, end: number): void {
    const { versionStart, versionEnd, status, reasonStart } = startLine;
    record.status = status;
    record.reason.set(bytes, reasonStart, Math.max(reasonStart, lineEnd));
    record.responseVersion.set(bytes, versionStart, versionEnd);
    this.#readFields(record, bytes, versionStart, start, end, true);
  }

  /** Header fields come next. */
  beginFields(): void {
    this.framing.reset();
  }

  /** Takes over one field, the name `names[nameStart, nameEnd)` with the value `values[valueStart, valueEnd)`. */
  readField(
    record: HttpRecord,
    isResponse: boolean,
    names: Uint8Array,
    nameStart: number,
    nameEnd: number,
    values: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    const rules = isResponse ? RESPONSE_FIELDS : REQUEST_FIELDS;
    rules.find(names, nameStart, nameEnd)?.(record, this.framing, values, valueStart, valueEnd);
    const isKept = this.keepField(record, isResponse, names, nameStart, nameEnd, values, valueStart, valueEnd);
    if (!isKept && CREDENTIAL_FIELDS.find(names, nameStart, nameEnd) === true) record.redacted = true;
  }

  /** Takes over one field where the user chose it; true if that is so. */
  keepField(
    record: HttpRecord,
    isResponse: boolean,
    names: Uint8Array,
    nameStart: number,
    nameEnd: number,
    values: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): boolean {
    const chosen = isResponse ? this.#chosenResponse : this.#chosenRequest;
    if (chosen.find(names, nameStart, nameEnd) !== true) return false;
    const list = isResponse ? record.responseHeaders : record.requestHeaders;
    const { arena } = list;
    arena.append(names, nameStart, nameEnd);
    arena.append(COLON_AND_SPACE, 0, COLON_AND_SPACE.length);
    arena.append(values, valueStart, valueEnd);
    list.endItem();
    return true;
  }

  /** All header fields were read. */
  endFields(record: HttpRecord, isResponse: boolean): void {
    const { contentLength, isMalformed } = this.framing;
    if (isMalformed || contentLength === -2) record.malformed = true;
    if (contentLength < 0) return;
    if (isResponse) record.responseContentLength = contentLength;
    else record.requestContentLength = contentLength;
  }

  /** Reads the fields `bytes[start, end)` of a header that begins at `headerStart`. */
  #readFields(
    record: HttpRecord,
    bytes: Uint8Array,
    headerStart: number,
    start: number,
    end: number,
    isResponse: boolean,
  ): void {
    const { framing } = this;
    this.beginFields();
    this.#endOfLine(bytes, headerStart, start);
    for (let at = start; at < end; ) {
      let lineEnd = this.#endOfLine(bytes, at, end);
      const colon = indexOfByte(bytes, Ascii.Colon, at, lineEnd);
      let values = bytes;
      let valueStart = colon + 1;
      let valueEnd = lineEnd;
      if (isFoldedAt(bytes, lineEnd + 1, end)) {
        // RFC 9112, section 5.2: a line that begins with a blank continues the value of the one before.
        lineEnd = this.#unfold(bytes, valueStart, lineEnd, end);
        values = this.#unfolded;
        valueStart = 0;
        valueEnd = this.#unfoldedEnd;
      }
      if (colon !== -1) {
        while (valueStart < valueEnd && isSpace(values[valueStart]!)) valueStart++;
        while (valueEnd > valueStart && isSpace(values[valueEnd - 1]!)) valueEnd--;
        // A blank before the colon is not part of the name; a server has to refuse it (RFC 9112, section 5.1).
        let nameEnd = colon;
        while (nameEnd > at && isSpace(bytes[nameEnd - 1]!)) nameEnd--;
        if (nameEnd < colon || nameEnd === at) framing.isMalformed = true;
        this.readField(record, isResponse, bytes, at, nameEnd, values, valueStart, valueEnd);
      } else if (!isSpaces(bytes, at, lineEnd)) framing.isMalformed = true;
      at = lineEnd + 1;
    }
    this.endFields(record, isResponse);
  }

  /**
   * Position of the line feed that ends the line at `start`, `end` if there is none. Notes NUL, and CR before anything else, which are
   * invalid in a line (RFC 9110, section 5.5; RFC 9112, section 2.2).
   */
  #endOfLine(bytes: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte > Ascii.Return) continue;
      if (byte === Ascii.LineFeed) return at;
      const isLineEnd = at + 1 === end || bytes[at + 1] === Ascii.LineFeed;
      if (byte === 0 || (byte === Ascii.Return && !isLineEnd)) this.framing.isMalformed = true;
    }
    return end;
  }

  /** Puts the value that begins at `start`, and the lines that continue it, in one line; returns where the last of them ends. */
  #unfold(bytes: Uint8Array, start: number, firstEnd: number, end: number): number {
    const into = this.#unfolded;
    let length = 0;
    let at = start;
    let lineEnd = firstEnd;
    for (;;) {
      while (at < lineEnd && isSpace(bytes[at]!)) at++;
      let stop = lineEnd;
      while (stop > at && isSpace(bytes[stop - 1]!)) stop--;
      if (length > 0) into[length++] = Ascii.Space;
      into.set(bytes.subarray(at, stop), length);
      length += stop - at;
      at = lineEnd + 1;
      if (!isFoldedAt(bytes, at, end)) break;
      lineEnd = this.#endOfLine(bytes, at, end);
    }
    this.#unfoldedEnd = length;
    return lineEnd;
  }
}

function isFoldedAt(bytes: Uint8Array, at: number, end: number): boolean {
  return at < end && (bytes[at] === Ascii.Space || bytes[at] === Ascii.Tab);
}

function isSpace(byte: number): boolean {
  return byte === Ascii.Space || byte === Ascii.Tab || byte === Ascii.Return;
}

/** True for a line with nothing but spaces, as the one that ends a header. */
function isSpaces(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isSpace(bytes[at]!)) return false;
  return true;
}
