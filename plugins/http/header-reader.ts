import type { HttpRecord } from "../../generated/http/record.js";
import type { ByteList } from "../../runtime/wire/lists.js";
import { Ascii, ascii, indexOfByte } from "./ascii.js";
import { CREDENTIAL_FIELDS, MessageFraming, REQUEST_FIELDS, RESPONSE_FIELDS } from "./field-rules.js";
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
      const lineFeed = indexOfByte(bytes, Ascii.LineFeed, at, end);
      const lineEnd = lineFeed === -1 ? end : lineFeed;
      const colon = indexOfByte(bytes, Ascii.Colon, at, lineEnd);
      if (colon !== -1) {
        let valueStart = colon + 1;
        let valueEnd = lineEnd;
        while (valueStart < valueEnd && isSpace(bytes[valueStart]!)) valueStart++;
        while (valueEnd > valueStart && isSpace(bytes[valueEnd - 1]!)) valueEnd--;
        rules.find(bytes, at, colon)?.(record, framing, bytes, valueStart, valueEnd, keepsCredentials);
        if (!keepsCredentials && CREDENTIAL_FIELDS.find(bytes, at, colon) === true) record.redacted = true;
        if (chosen.find(bytes, at, colon) === true) {
          const list = isResponse ? record.responseHeaders : record.requestHeaders;
          this.#keep(list, record, bytes, at, colon, valueStart, valueEnd);
        }
      }
      at = lineEnd + 1;
    }
  }

  #keep(
    list: ByteList,
    record: HttpRecord,
    bytes: Uint8Array,
    nameStart: number,
    nameEnd: number,
    valueStart: number,
    valueEnd: number,
  ): void {
    const { arena } = list;
    arena.append(bytes, nameStart, nameEnd);
    arena.append(COLON_AND_SPACE, 0, COLON_AND_SPACE.length);
    const { keepsCredentials } = this.#choices;
    if (!keepsCredentials && CREDENTIAL_FIELDS.find(bytes, nameStart, nameEnd) === true) writeMark(arena);
    else if (!keepsCredentials && URL_FIELDS.find(bytes, nameStart, nameEnd) === true) {
      if (writeRedactedUrl(arena, bytes, valueStart, valueEnd)) record.redacted = true;
    } else arena.append(bytes, valueStart, valueEnd);
    list.endItem();
  }
}

function namesOf(names: readonly string[]): HeaderNames<true> {
  return new HeaderNames(names.map((name) => [name, true] as const));
}

function isSpace(byte: number): boolean {
  return byte === Ascii.Space || byte === Ascii.Tab || byte === Ascii.Return;
}
