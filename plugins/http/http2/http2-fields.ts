import type { HttpRecord } from "../../../generated/http/record.js";
import { ascii, ByteNames, equalsText } from "../../../runtime/plugin/index.js";
import { Ascii, isBlank, isTokenByte } from "../ascii.js";
import type { HeaderReader } from "../header-reader.js";
import { type FieldSink, MAX_LIST_SIZE } from "../hpack/hpack-decoder.js";
import { isMethod, Method } from "../transaction.js";

/** What a field block is of. */
export const BlockKind = { Request: 0, Response: 1, RequestTrailers: 2, ResponseTrailers: 3, Ignored: 4 } as const;

/** Pseudo-header fields (RFC 9113, section 8.3, and RFC 8441), each a bit of those that were seen. */
const Pseudo = { Method: 1, Path: 2, Scheme: 4, Authority: 8, Protocol: 16, Status: 32 } as const;
const PSEUDO_FIELDS = new ByteNames<number>([
  [":method", Pseudo.Method],
  [":path", Pseudo.Path],
  [":scheme", Pseudo.Scheme],
  [":authority", Pseudo.Authority],
  [":protocol", Pseudo.Protocol],
  [":status", Pseudo.Status],
]);
const REQUEST_PSEUDO = 31;
/** A method is a token; a path has at least a slash, or is `*` (RFC 9113, section 8.3.1). */
const NON_EMPTY_PSEUDO = Pseudo.Method | Pseudo.Path;
/** Fields of HTTP/1's connections. */
const CONNECTION_FIELDS = new ByteNames(
  ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"].map((name) => [name, true] as const),
);
const TE = ascii("te");
const TRAILERS = ascii("trailers");
const COOKIE = ascii("cookie");
const CRUMB_SEPARATOR = ascii("; ");
const HTTP_2 = ascii("HTTP/2");

/** Reads the fields of a decoded block into a record, by the rules that HTTP/1's are read by. */
export class Http2Fields implements FieldSink {
  /** Status of a response, 0 for none. */
  status = 0;
  /** A field is not known. */
  isPartial = false;
  readonly #reader: HeaderReader;
  readonly #cookie = new Uint8Array(MAX_LIST_SIZE);
  /** Where the cookie ends, -1 for none. */
  #cookieEnd = -1;
  #block: number = BlockKind.Ignored;
  #record: HttpRecord | undefined;
  #seen = 0;
  #isMalformed = false;
  #isAfterLoss = false;
  /** A field that is not a pseudo-header came. */
  #hasRegular = false;

  constructor(reader: HeaderReader) {
    this.#reader = reader;
  }

  /** Content-Length of the block read last, -1 for none. */
  get contentLength(): number {
    return Math.max(-1, this.#reader.framing.contentLength);
  }

  /** A request was seen to begin, rather than trailers. */
  get hasPseudo(): boolean {
    return this.#seen !== 0;
  }

  /** A block comes next whose fields go into `record`; blocks before it may be lost, so that it may be of trailers. */
  begin(record: HttpRecord, block: number, isAfterLoss: boolean): void {
    this.#isAfterLoss = isAfterLoss;
    this.#record = record;
    this.#block = block;
    this.status = 0;
    this.isPartial = false;
    this.#seen = 0;
    this.#isMalformed = false;
    this.#hasRegular = false;
    this.#cookieEnd = -1;
    this.#reader.beginFields();
  }

  field(
    names: Uint8Array,
    nameStart: number,
    nameEnd: number,
    values: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    const record = this.#record!;
    const block = this.#block;
    if (block === BlockKind.Ignored || this.#isInformational) return;
    if (!isSoundValue(values, valueStart, valueEnd)) this.#isMalformed = true;
    if (nameStart < nameEnd && names[nameStart] === Ascii.Colon) {
      this.#readPseudo(record, names, nameStart, nameEnd, values, valueStart, valueEnd);
      return;
    }
    this.#hasRegular = true;
    const isResponse = block === BlockKind.Response || block === BlockKind.ResponseTrailers;
    if (!isSoundName(names, nameStart, nameEnd)) this.#isMalformed = true;
    if (isConnectionField(names, nameStart, nameEnd, values, valueStart, valueEnd)) this.#isMalformed = true;
    else if (block === BlockKind.RequestTrailers || block === BlockKind.ResponseTrailers) {
      this.#reader.keepField(record, isResponse, names, nameStart, nameEnd, values, valueStart, valueEnd);
    } else if (!isResponse && equalsText(names, nameStart, nameEnd, COOKIE)) {
      this.#addCrumb(values, valueStart, valueEnd);
    } else this.#reader.readField(record, isResponse, names, nameStart, nameEnd, values, valueStart, valueEnd);
  }

  unknownField(): void {
    this.isPartial = true;
  }

  /** The block is read, as far as it could be. */
  end(): void {
    const record = this.#record!;
    const block = this.#block;
    this.#record = undefined;
    if (block === BlockKind.Ignored || this.#isInformational) return;
    if (this.#cookieEnd !== -1) {
      this.#reader.readField(record, false, COOKIE, 0, COOKIE.length, this.#cookie, 0, this.#cookieEnd);
    }
    const isTunnel = block === BlockKind.Request && this.#isTunnel(record);
    if (isTunnel && (this.#seen & Pseudo.Path) === 0) record.target.set(record.host.bytes, 0, record.host.length);
    if (this.isPartial) record.incomplete = true;
    else if (block === BlockKind.Request && !this.#hasRequestFields(isTunnel)) this.#isMalformed = true;
    else if (block === BlockKind.Response && this.status === 0) {
      if (this.#isAfterLoss) record.incomplete = true;
      else this.#isMalformed = true;
    }
    if (this.#isMalformed) record.malformed = true;
    if (block === BlockKind.Request) {
      record.requestVersion.set(HTTP_2, 0, HTTP_2.length);
      this.#reader.endFields(record, false);
    } else if (block === BlockKind.Response) {
      record.responseVersion.set(HTTP_2, 0, HTTP_2.length);
      this.#reader.endFields(record, true);
    }
  }

  /** Only the status of an informational response is read. */
  get #isInformational(): boolean {
    return this.status > 0 && this.status < 200;
  }

  #readPseudo(
    record: HttpRecord,
    names: Uint8Array,
    nameStart: number,
    nameEnd: number,
    values: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    const isSound = isSoundName(names, nameStart + 1, nameEnd);
    const pseudo = (isSound && PSEUDO_FIELDS.find(names, nameStart, nameEnd)) || 0;
    const allowed =
      this.#block === BlockKind.Request ? REQUEST_PSEUDO : this.#block === BlockKind.Response ? Pseudo.Status : 0;
    if (this.#hasRegular || (pseudo & allowed) === 0 || (this.#seen & pseudo) !== 0) {
      this.#isMalformed = true;
      return;
    }
    this.#seen |= pseudo;
    if (valueStart === valueEnd && (pseudo & NON_EMPTY_PSEUDO) !== 0) this.#isMalformed = true;
    if (pseudo === Pseudo.Method) record.method.set(values, valueStart, valueEnd);
    else if (pseudo === Pseudo.Path) record.target.set(values, valueStart, valueEnd);
    else if (pseudo === Pseudo.Authority) {
      record.host.set(values, valueStart, valueEnd);
    } else if (pseudo === Pseudo.Status) this.#readStatus(record, values, valueStart, valueEnd);
  }

  /** A status has three digits (RFC 9110, section 15). */
  #readStatus(record: HttpRecord, bytes: Uint8Array, start: number, end: number): void {
    let status = 0;
    for (let at = start; at < end && at < start + 3; at++) status = status * 10 + bytes[at]! - 48;
    const isSound = end - start === 3 && status >= 100 && status <= 999 && areDigits(bytes, start, end);
    if (!isSound) {
      this.#isMalformed = true;
      return;
    }
    this.status = status;
    if (status >= 200) record.status = status;
  }

  /** CONNECT of a tunnel, whose target is its authority, rather than of a protocol that it names (RFC 8441, section 4). */
  #isTunnel(record: HttpRecord): boolean {
    return isMethod(record, Method.Connect) && (this.#seen & Pseudo.Protocol) === 0;
  }

  /** A tunnel has an authority alone (RFC 9113, section 8.5); other requests have a path and a scheme (section 8.3.1). */
  #hasRequestFields(isTunnel: boolean): boolean {
    if (isTunnel) return this.#seen === (Pseudo.Method | Pseudo.Authority);
    const needed = Pseudo.Method | Pseudo.Path | Pseudo.Scheme;
    return (this.#seen & needed) === needed;
  }

  /** A cookie may come in several fields, which are one with `; ` between (RFC 9113, section 8.2.3). */
  #addCrumb(bytes: Uint8Array, start: number, end: number): void {
    const cookie = this.#cookie;
    let at = this.#cookieEnd;
    if (at + CRUMB_SEPARATOR.length + end - start > cookie.length) return;
    if (at === -1) at = 0;
    else {
      cookie.set(CRUMB_SEPARATOR, at);
      at += CRUMB_SEPARATOR.length;
    }
    cookie.set(bytes.subarray(start, end), at);
    this.#cookieEnd = at + end - start;
  }
}

/** HTTP/2 does not have such a field; TE has the value `trailers` alone (RFC 9113, section 8.2.2). */
function isConnectionField(
  names: Uint8Array,
  nameStart: number,
  nameEnd: number,
  values: Uint8Array,
  valueStart: number,
  valueEnd: number,
): boolean {
  if (equalsText(names, nameStart, nameEnd, TE)) return !equalsText(values, valueStart, valueEnd, TRAILERS);
  return CONNECTION_FIELDS.find(names, nameStart, nameEnd) === true;
}

/** A name is a token without upper-case letters (RFC 9113, section 8.2.1). */
function isSoundName(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (!isTokenByte(byte) || (byte >= 65 && byte <= 90)) return false;
  }
  return end > start;
}

/** A value has no NUL and no line ends, and no blanks around it (RFC 9113, section 8.2.1). */
function isSoundValue(bytes: Uint8Array, start: number, end: number): boolean {
  if (end > start && (isBlank(bytes[start]!) || isBlank(bytes[end - 1]!))) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0 || byte === Ascii.LineFeed || byte === Ascii.Return) return false;
  }
  return true;
}

function areDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! < 48 || bytes[at]! > 57) return false;
  return true;
}
