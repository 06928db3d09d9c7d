import type { HttpRecord } from "../../generated/http/record.js";
import type { ByteList } from "../../runtime/wire/lists.js";
import { Ascii, ascii, indexOfByte } from "./ascii.js";
import { CREDENTIAL_FIELDS, MessageFraming, REQUEST_FIELDS, RESPONSE_FIELDS } from "./field-rules.js";
import { MAX_HEADER } from "./header-end.js";
import { HeaderNames } from "./header-name.js";
import { writeMark, writeRedactedUrl } from "./redaction.js";
import { startLine } from "./start-line.js";

const COLON_AND_SPACE = ascii(": ");
/** Fields that hold a URL, whose credentials are hidden in a chosen field too. */
const URL_FIELDS = new HeaderNames(
  ["location", "content-location", "referer", "origin", "link", "refresh"].map((name) => [name, true] as const),
);

/** What a user may choose of headers. */
export interface HeaderChoices {
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
  readonly keepsCredentials: boolean;
}

/** Reads the headers of messages into records. */
export class HeaderReader {
  /** What the header read last says of its body. */
  readonly framing = new MessageFraming();
  /** A value of several lines. */
  readonly #unfolded = new Uint8Array(MAX_HEADER);
  #unfoldedEnd = 0;
  readonly #choices: HeaderChoices;
  readonly #chosenRequest: HeaderNames<true>;
  readonly #chosenResponse: HeaderNames<true>;

  constructor(choices: HeaderChoices) {
    this.#choices = choices;
    this.#chosenRequest = namesOf(choices.requestHeaders);
    this.#chosenResponse = namesOf(choices.responseHeaders);
  }

  /** Takes over the request line in {@link startLine}, and the header fields `bytes[start, end)` after it. */
  readRequest(record: HttpRecord, bytes: Uint8Array, lineStart: number, start: number, end: number): void {
    const { methodEnd, targetStart, targetEnd, versionStart, versionEnd } = startLine;
    record.method.set(bytes, lineStart, methodEnd);
    if (this.#choices.keepsCredentials) record.target.set(bytes, targetStart, targetEnd);
    else if (writeRedactedUrl(record.target, bytes, targetStart, targetEnd)) record.redacted = true;
    record.requestVersion.set(bytes, versionStart, versionEnd);
    this.#readFields(record, bytes, start, end, false);
    if (this.framing.contentLength >= 0) record.requestContentLength = this.framing.contentLength;
  }

  /** Takes over the status line in {@link startLine}, and the header fields `bytes[start, end)` after it. */
  readResponse(record: HttpRecord, bytes: Uint8Array, lineEnd: number, start: number, end: number): void {
    const { versionStart, versionEnd, status, reasonStart } = startLine;
    record.status = status;
    record.reason.set(bytes, reasonStart, Math.max(reasonStart, lineEnd));
    record.responseVersion.set(bytes, versionStart, versionEnd);
    this.#readFields(record, bytes, start, end, true);
    if (this.framing.contentLength >= 0) record.responseContentLength = this.framing.contentLength;
  }

  #readFields(record: HttpRecord, bytes: Uint8Array, start: number, end: number, isResponse: boolean): void {
    const { framing } = this;
    framing.reset();
    const rules = isResponse ? RESPONSE_FIELDS : REQUEST_FIELDS;
    const chosen = isResponse ? this.#chosenResponse : this.#chosenRequest;
    const { keepsCredentials } = this.#choices;
    for (let at = start; at < end; ) {
      let lineEnd = endOfLine(bytes, at, end);
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
        if (nameEnd < colon) framing.isMalformed = true;
        rules.find(bytes, at, nameEnd)?.(record, framing, values, valueStart, valueEnd, keepsCredentials);
        if (!keepsCredentials && CREDENTIAL_FIELDS.find(bytes, at, nameEnd) === true) record.redacted = true;
        if (chosen.find(bytes, at, nameEnd) === true) {
          const list = isResponse ? record.responseHeaders : record.requestHeaders;
          this.#keep(list, record, bytes, at, nameEnd, values, valueStart, valueEnd);
        }
      }
      at = lineEnd + 1;
    }
    if (framing.isMalformed || framing.contentLength === -2) record.malformed = true;
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
      lineEnd = endOfLine(bytes, at, end);
    }
    this.#unfoldedEnd = length;
    return lineEnd;
  }

  #keep(
    list: ByteList,
    record: HttpRecord,
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    values: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    const { arena } = list;
    arena.append(bytes, nameStart, nameEnd);
    arena.append(COLON_AND_SPACE, 0, COLON_AND_SPACE.length);
    const { keepsCredentials } = this.#choices;
    if (!keepsCredentials && CREDENTIAL_FIELDS.find(bytes, nameStart, nameEnd) === true) writeMark(arena);
    else if (!keepsCredentials && URL_FIELDS.find(bytes, nameStart, nameEnd) === true) {
      if (writeRedactedUrl(arena, values, valueStart, valueEnd)) record.redacted = true;
    } else arena.append(values, valueStart, valueEnd);
    list.endItem();
  }
}

function namesOf(names: readonly string[]): HeaderNames<true> {
  return new HeaderNames(names.map((name) => [name, true] as const));
}

/** Position of the line feed that ends the line at `start`, `end` where there is none. */
function endOfLine(bytes: Uint8Array, start: number, end: number): number {
  const lineFeed = indexOfByte(bytes, Ascii.LineFeed, start, end);
  return lineFeed === -1 ? end : lineFeed;
}

function isFoldedAt(bytes: Uint8Array, at: number, end: number): boolean {
  return at < end && (bytes[at] === Ascii.Space || bytes[at] === Ascii.Tab);
}

function isSpace(byte: number): boolean {
  return byte === Ascii.Space || byte === Ascii.Tab || byte === Ascii.Return;
}
