import type { HttpRecord } from "../../generated/http/record.js";
import type { ByteSlot } from "../../runtime/plugin/index.js";
import { ascii, ByteNames, equalsText } from "../../runtime/plugin/index.js";
import { Ascii, isBlank, isTokenByte } from "./ascii.js";
import { isAuthorizationScheme } from "./authorization-scheme.js";

/** What a header's fields say of the message's body, gathered while they are read. */
export class MessageFraming {
  /** -1 if there is none, -2 where it is not a number or fields contradict each other. */
  contentLength = -1;
  /** The fields are not all as the format has them. */
  isMalformed = false;
  hasTransferEncoding = false;
  /** The last transfer coding is `chunked`. */
  isChunked = false;

  /** How long the body is cannot be known (RFC 9112, section 6.3). */
  get isBroken(): boolean {
    return this.contentLength === -2 && !this.hasTransferEncoding;
  }

  reset(): void {
    this.contentLength = -1;
    this.isMalformed = false;
    this.hasTransferEncoding = false;
    this.isChunked = false;
  }
}

/** Takes the value `bytes[start, end)` of a header field over into the record and the framing. */
export type FieldRule = (
  record: HttpRecord,
  framing: MessageFraming,
  bytes: Uint8Array,
  start: number,
  end: number,
) => void;

const COMMA = 44;
const CHUNKED = ascii("chunked");
const CONTINUE = ascii("100-continue");

const contentLength: FieldRule = (_, framing, bytes, start, end) => {
  const length = readLength(bytes, start, end);
  framing.contentLength = framing.contentLength === -1 || framing.contentLength === length ? length : -2;
};

const transferEncoding: FieldRule = (_, framing, bytes, start, end) => {
  framing.hasTransferEncoding = true;
  // Elements without anything in them do not count (RFC 9110, section 5.6.1.2).
  let codingEnd = end;
  while (codingEnd > start && (bytes[codingEnd - 1] === COMMA || isBlank(bytes[codingEnd - 1]!))) codingEnd--;
  if (codingEnd === start) return;
  let codingStart = codingEnd;
  while (codingStart > start && bytes[codingStart - 1] !== COMMA && !isBlank(bytes[codingStart - 1]!)) codingStart--;
  framing.isChunked = equalsText(bytes, codingStart, codingEnd, CHUNKED);
};

/** What is read of a request's header. */
export const REQUEST_FIELDS = new ByteNames<FieldRule>([
  ["host", text((record) => record.host)],
  ["user-agent", text((record) => record.userAgent)],
  ["referer", text((record) => record.referrer)],
  ["content-type", text((record) => record.requestContentType)],
  ["x-forwarded-for", text((record) => record.xForwardedFor)],
  ["content-length", contentLength],
  ["transfer-encoding", transferEncoding],
  [
    "authorization",
    (record, _, bytes, start, end) => {
      let schemeEnd = start;
      while (schemeEnd < end && isTokenByte(bytes[schemeEnd]!)) schemeEnd++;
      let credentials = schemeEnd;
      while (credentials < end && bytes[credentials] === Ascii.Space) credentials++;
      // A lone word may be the credential itself.
      const hasCredentials = schemeEnd < credentials && credentials < end;
      if (hasCredentials && isAuthorizationScheme(bytes, start, schemeEnd))
        record.authorizationScheme.set(bytes, start, schemeEnd);
    },
  ],
  [
    "expect",
    (record, _, bytes, start, end) => {
      if (equalsText(bytes, start, end, CONTINUE)) record.expectsContinue = true;
    },
  ],
]);

/** What is read of a response's header. */
export const RESPONSE_FIELDS = new ByteNames<FieldRule>([
  ["content-type", text((record) => record.responseContentType)],
  ["content-encoding", text((record) => record.contentEncoding)],
  ["server", text((record) => record.server)],
  ["upgrade", text((record) => record.upgrade)],
  ["location", text((record) => record.location)],
  ["content-length", contentLength],
  [
    "transfer-encoding",
    (record, framing, bytes, start, end) => {
      transferEncoding(record, framing, bytes, start, end);
      record.transferEncoding.set(bytes, start, end);
    },
  ],
]);

function text(slotOf: (record: HttpRecord) => ByteSlot): FieldRule {
  return (record, _, bytes, start, end) => {
    const slot = slotOf(record);
    if (!slot.isPresent) slot.set(bytes, start, end);
  };
}

/** A decimal number below 2^53 of any number of digits, the same one several times with commas between too (RFC 9110, section 8.6); -2 for anything else. */
function readLength(bytes: Uint8Array, start: number, end: number): number {
  let length = 0;
  let digits = 0;
  let earlier = -1;
  let isEnded = false;
  for (let at = start; at <= end; at++) {
    const byte = at === end ? COMMA : bytes[at]!;
    if (byte === COMMA) {
      if (digits === 0 || (earlier !== -1 && earlier !== length)) return -2;
      earlier = length;
      length = 0;
      digits = 0;
      isEnded = false;
    } else if (byte >= 48 && byte <= 57 && !isEnded) {
      length = length * 10 + byte - 48;
      digits++;
      if (length > Number.MAX_SAFE_INTEGER) return -2;
    } else if (!isBlank(byte)) return -2;
    else isEnded = digits > 0;
  }
  return earlier;
}
