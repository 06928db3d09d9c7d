import { type HttpRecord, State } from "../../generated/http/record.js";
import { type StreamDecoder, type StreamSegment, StreamVerdict } from "../../runtime/plugin/hooks.js";
import type { Output } from "../../runtime/plugin/output.js";
import { NO_ANSWERED, ResponseOrder } from "../../runtime/plugin/response-order.js";
import { Ascii, ascii, equalsText } from "./ascii.js";
import { findHeaderEnd, lineEnd, MAX_HEADER, skipEmptyLines } from "./header-end.js";
import type { HeaderReader } from "./header-reader.js";
import { keyOf } from "./http2/http2-stream.js";
import { Framing } from "./message-body.js";
import { MessageDirection, Phase } from "./message-direction.js";
import { canBegin, readRequestLine, readStatusLine, startLine } from "./start-line.js";

const HEAD = ascii("head");
const CONNECT = ascii("connect");
const H2C = ascii("h2c");
const SWITCHING_PROTOCOLS = 101;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

/** One connection of HTTP/1: requests and responses, each in order, any number of requests ahead (RFC 9112, section 9.3.2). */
export class Http1Connection implements StreamDecoder {
  readonly #out: Output<HttpRecord>;
  readonly #reader: HeaderReader;
  readonly #client = new MessageDirection();
  readonly #server = new MessageDirection();
  readonly #order = new ResponseOrder();
  #isRecognised = false;
  /** Another protocol follows, in both directions: the request was CONNECT, or the protocol was switched. */
  #isCarrier = false;
  /** The server switched to HTTP/2: the request that asked for it is number this, from 1, or 0 where it was not seen; else undefined. */
  upgradedRequest: number | undefined;
  /** The header that is read breaks off. */
  #isUnfinished = false;

  constructor(out: Output<HttpRecord>, reader: HeaderReader) {
    this.#out = out;
    this.#reader = reader;
  }

  decode(segment: StreamSegment): number {
    if (this.#isCarrier) return StreamVerdict.HandOver;
    const { bytes, start, end, isFromServer } = segment;
    const direction = isFromServer ? this.#server : this.#client;
    let at = start;
    while (at < end) {
      if (direction.phase === Phase.Body) {
        at = direction.body.read(bytes, at, end);
        if (!direction.body.isComplete) break;
        this.#endMessage(direction);
        continue;
      }
      at = skipEmptyLines(bytes, at, end);
      if (at === end) break;
      if (direction.scanned === 0 && !canBegin(bytes, at, end, isFromServer)) {
        if (!this.#isRecognised) return StreamVerdict.NotMine;
        direction.lose();
      }
      // A sender begins most messages with a segment; elsewhere none can be distinguished from other bytes.
      if (direction.phase === Phase.Lost && (at !== start || !canBegin(bytes, at, end, isFromServer)))
        return end - start;
      const headerEnd = findHeaderEnd(bytes, at, Math.max(at, at + direction.scanned - 3), end);
      if (headerEnd === -1) {
        if (end - at > MAX_HEADER) return StreamVerdict.Malformed;
        direction.scanned = end - at;
        break;
      }
      direction.scanned = 0;
      const isOver = isFromServer
        ? this.#readResponse(segment, at, headerEnd)
        : this.#readRequest(segment, at, headerEnd);
      if (isOver !== undefined) return isOver;
      at = headerEnd;
      if (this.#isCarrier) break;
    }
    return at - start;
  }

  gap(isFromServer: boolean, lengthBytes: number, rest: StreamSegment): undefined {
    if (this.#isCarrier) return;
    const direction = isFromServer ? this.#server : this.#client;
    if (direction.phase === Phase.Header && this.#readUnfinished(rest)) return;
    if (direction.phase === Phase.Body && direction.body.lose(lengthBytes)) {
      this.#tellMissed(direction, lengthBytes);
      if (direction.body.isComplete) this.#endMessage(direction);
      return;
    }
    if (direction.phase === Phase.Body) this.#breakMessage(direction);
    direction.lose();
    this.#order.lose(isFromServer);
  }

  missed(isFromServer: boolean, lengthBytes: number): void {
    const direction = isFromServer ? this.#server : this.#client;
    if (direction.phase === Phase.Body) this.#tellMissed(direction, lengthBytes);
  }

  end(isFromServer: boolean, unseenBytes: number, rest: StreamSegment): void {
    if (this.#isCarrier) return;
    const direction = isFromServer ? this.#server : this.#client;
    if (direction.phase === Phase.Header) this.#readUnfinished(rest);
    if (direction.phase !== Phase.Body) return;
    direction.body.lengthBytes -= unseenBytes;
    if (direction.body.endsWithConnection) this.#endMessage(direction);
    else this.#breakMessage(direction);
  }

  /** Reads a header whose end does not come, up to its last whole line; false where there is none to read. */
  #readUnfinished(rest: StreamSegment): boolean {
    const { bytes, end, isFromServer } = rest;
    const at = skipEmptyLines(bytes, rest.start, end);
    let headerEnd = end;
    while (headerEnd > at && bytes[headerEnd - 1] !== Ascii.LineFeed) headerEnd--;
    if (headerEnd === at || !canBegin(bytes, at, end, isFromServer)) return false;
    const line = lineEnd(bytes, at, headerEnd);
    const isMessage = isFromServer ? readStatusLine(bytes, at, line.end) : readRequestLine(bytes, at, line.end);
    if (!isMessage || (!this.#isRecognised && isFromServer && !startLine.isConforming)) return false;
    this.#isUnfinished = true;
    if (isFromServer) this.#readResponse(rest, at, headerEnd);
    else this.#readRequest(rest, at, headerEnd);
    this.#isUnfinished = false;
    return true;
  }

  /** Reads the header `[at, headerEnd)` of a request; a verdict where that ends the decoder. */
  #readRequest(segment: StreamSegment, at: number, headerEnd: number): number | undefined {
    const { bytes, start, end } = segment;
    const line = lineEnd(bytes, at, headerEnd);
    if (!readRequestLine(bytes, at, line.end)) {
      if (!this.#isRecognised) return StreamVerdict.NotMine;
      this.#client.lose();
      return undefined;
    }
    this.#isRecognised = true;
    const { record } = this.#out;
    this.#reader.readRequest(record, bytes, at, line.next, headerEnd);
    const { framing } = this.#reader;
    const number = this.#order.request(segment, at - start);
    record.state = State.UNANSWERED;
    record.requestNumber = number + 1;
    if (framing.isBroken || this.#isUnfinished) {
      record.incomplete = this.#isUnfinished;
      this.#out.hold(number);
      this.#client.lose();
      return undefined;
    }
    const { body } = this.#client;
    if (framing.isChunked) body.begin(Framing.Chunked, 0);
    else if (framing.contentLength > 0) body.begin(Framing.Length, framing.contentLength);
    else body.begin(Framing.None, 0);
    this.#client.number = number;
    this.#client.phase = Phase.Body;
    // The body that is here whole need not be reported later.
    const isHere = !framing.isChunked && framing.contentLength <= end - headerEnd;
    this.#client.isTold = isHere;
    if (isHere) record.requestBodyBytes = Math.max(0, framing.contentLength);
    this.#out.hold(number);
    if (body.isComplete) this.#client.phase = Phase.Header;
    return undefined;
  }

  /** Reads the header `[at, headerEnd)` of a response; a verdict where that ends the decoder. */
  #readResponse(segment: StreamSegment, at: number, headerEnd: number): number | undefined {
    const { bytes, end } = segment;
    const line = lineEnd(bytes, at, headerEnd);
    const isStatusLine = readStatusLine(bytes, at, line.end);
    if (!isStatusLine || !(this.#isRecognised || startLine.isConforming)) {
      if (!this.#isRecognised) return StreamVerdict.NotMine;
      this.#server.lose();
      return undefined;
    }
    this.#isRecognised = true;
    const out = this.#out;
    const { status, isConforming } = startLine;
    const expected = this.#order.expected(segment);
    const number = expected === NO_ANSWERED ? UNSOLICITED : expected;
    const isPaired = expected !== NO_ANSWERED && out.resume(number);
    if (status < 200 && status !== SWITCHING_PROTOCOLS) {
      if (isPaired) {
        out.record.informationalStatuses.push(status);
        out.hold(number);
      }
      this.#server.beginNothing();
      return undefined;
    }
    if (expected !== NO_ANSWERED) this.#order.answer();
    const { record } = out;
    const isHead = isPaired && isMethod(record, HEAD);
    const isTunnel = isPaired && status >= 200 && status < 300 && isMethod(record, CONNECT);
    record.state = isPaired ? State.COMPLETE : State.UNSOLICITED;
    if (isPaired) {
      const latency = segment.time.nanosecondsSince(out.requestTime);
      if (latency >= 0) record.latency = latency;
    }
    record.responseFrame = segment.frameNumber;
    this.#reader.readResponse(record, bytes, line.end, line.next, headerEnd);
    if (!isConforming) record.malformed = true;
    if (status !== SWITCHING_PROTOCOLS) record.upgrade.reset();
    if (this.#isUnfinished) {
      record.incomplete = true;
      out.emit();
      this.#server.lose();
      return undefined;
    }
    if (status === SWITCHING_PROTOCOLS && equalsText(record.upgrade.bytes, 0, record.upgrade.length, H2C)) {
      this.#upgrade(number, isPaired);
      return undefined;
    }
    if (isTunnel || status === SWITCHING_PROTOCOLS) {
      out.emit();
      this.#isCarrier = true;
      return undefined;
    }
    this.#beginBody(isHead || status === NO_CONTENT || status === NOT_MODIFIED);
    const { body } = this.#server;
    this.#server.number = number;
    this.#server.phase = Phase.Body;
    const { contentLength, hasTransferEncoding } = this.#reader.framing;
    const isHere = body.isComplete || (!hasTransferEncoding && contentLength >= 0 && contentLength <= end - headerEnd);
    this.#server.isTold = isHere;
    if (isHere) {
      record.responseBodyBytes = body.isComplete ? 0 : contentLength;
      out.emit();
    } else out.hold(number);
    if (body.isComplete) this.#server.phase = Phase.Header;
    return undefined;
  }

  /** The final response comes on stream 1 of HTTP/2 (RFC 7540, section 3.2). */
  #upgrade(number: number, isPaired: boolean): void {
    const out = this.#out;
    this.#isCarrier = true;
    this.upgradedRequest = isPaired ? number + 1 : 0;
    if (!isPaired) {
      out.emit();
      return;
    }
    // What the record has of this response is not the transaction's.
    out.putBack();
    out.resume(number);
    const { record } = out;
    record.informationalStatuses.push(SWITCHING_PROTOCOLS);
    record.upgrade.set(H2C, 0, H2C.length);
    record.streamId = 1;
    out.hold(keyOf(1));
  }

  #beginBody(isEmpty: boolean): void {
    const { body } = this.#server;
    const { isChunked, hasTransferEncoding, contentLength } = this.#reader.framing;
    if (isEmpty) body.begin(Framing.None, 0);
    else if (isChunked) body.begin(Framing.Chunked, 0);
    else if (!hasTransferEncoding && contentLength >= 0) body.begin(Framing.Length, contentLength);
    else body.begin(Framing.UntilClose, 0);
  }

  /** The body of a message is complete, or broken. */
  #endMessage(direction: MessageDirection): void {
    const { body, isTold, number } = direction;
    direction.phase = body.isMalformed ? Phase.Lost : Phase.Header;
    if (!isTold) this.#tellBody(direction, number, false);
  }

  /** Adds bytes of a body that were not captured to the row that waits for its end. */
  #tellMissed(direction: MessageDirection, lengthBytes: number): void {
    const out = this.#out;
    const { number, isTold } = direction;
    if (isTold || !out.resume(number)) return;
    const { record } = out;
    if (direction === this.#client) record.requestBodyMissedBytes = (record.requestBodyMissedBytes ?? 0) + lengthBytes;
    else record.responseBodyMissedBytes = (record.responseBodyMissedBytes ?? 0) + lengthBytes;
    out.hold(number);
  }

  /** The rest of a message's body does not come. */
  #breakMessage(direction: MessageDirection): void {
    direction.phase = Phase.Header;
    if (!direction.isTold) this.#tellBody(direction, direction.number, true);
  }

  /** Adds to a row what became known with the end of a body: to one that waits for its response, or that is complete now. */
  #tellBody(direction: MessageDirection, number: number, isIncomplete: boolean): void {
    const out = this.#out;
    if (!out.resume(number)) return;
    const { record } = out;
    const { lengthBytes, isMalformed } = direction.body;
    if (direction === this.#client) {
      if (!isIncomplete) record.requestBodyBytes = lengthBytes;
      out.hold(number);
      return;
    }
    record.responseBodyBytes = lengthBytes;
    if (isIncomplete) record.incomplete = true;
    if (isMalformed) record.malformed = true;
    out.emit();
  }
}

/** Key of a response without a request; there is one at a time on a connection. */
const UNSOLICITED = 0xffffffff;

function isMethod({ method }: HttpRecord, name: Uint8Array): boolean {
  return equalsText(method.bytes, 0, method.length, name);
}
