import { State } from "../../generated/http/http_enums.js";
import type { HttpRecord } from "../../generated/http/record.js";
import {
  ascii,
  equalsText,
  NO_ANSWERED,
  type Output,
  ResponseOrder,
  type StreamDecoder,
  type StreamSegment,
  StreamVerdict,
} from "../../runtime/plugin/index.js";
import { Ascii } from "./ascii.js";
import { BodyRows } from "./body-rows.js";
import { findHeaderEnd, lineEnd, MAX_HEADER, skipEmptyLines } from "./header-end.js";
import { type HeaderReader, HTTP_0_9 } from "./header-reader.js";
import { requestKeyOfStream } from "./http2/http2-stream.js";
import { Framing } from "./message-body.js";
import { MessageDirection, MessagePhase } from "./message-direction.js";
import { Next, whatFollows } from "./omitted-body.js";
import { canBegin, readRequestLine, readStatusLine, startLine } from "./start-line.js";
import { answerRequest, awaitsContinue, hasNoBody, isMethod, Method } from "./transaction.js";
import { UpgradedBody } from "./upgraded-body.js";
import { isSimpleRequest, readVersionlessLine } from "./versionless-request.js";

const H2C = ascii("h2c");
/** No HTTP/0.9 request awaits its response. */
const NONE = -1;
const SWITCHING_PROTOCOLS = 101;
/** Key of a response without a request; there is one at a time on a connection. */
const UNSOLICITED = 0xffffffff;

/** One connection of HTTP/1: requests and responses, each in order, any number of requests ahead (RFC 9112, section 9.3.2). */
export class Http1Connection implements StreamDecoder {
  readonly #out: Output<HttpRecord>;
  readonly #reader: HeaderReader;
  readonly #client = new MessageDirection();
  readonly #server = new MessageDirection();
  readonly #order = new ResponseOrder();
  readonly #bodies: BodyRows;
  #isRecognised = false;
  /** Another protocol follows, in both directions: the request was CONNECT, or the protocol was switched. */
  #isCarrier = false;
  /** Number, from 1, of the request that the server switched to HTTP/2; 0 if that request was not seen; undefined if there was no switch. */
  upgradedRequest: number | undefined;
  /** What the client still sends of that request's body; absent if there was no switch. */
  upgradedBody: UpgradedBody | undefined;
  /** Number of the last request of HTTP/0.9. */
  #simpleRequest = NONE;
  /** Bytes of the client were seen. */
  #isFollowed = false;
  /** The header that is read breaks off. */
  #isUnfinished = false;

  constructor(out: Output<HttpRecord>, reader: HeaderReader) {
    this.#out = out;
    this.#reader = reader;
    this.#bodies = new BodyRows(out, this.#client);
  }

  decode(segment: StreamSegment): number {
    if (this.#isCarrier) return StreamVerdict.HandOver;
    const { bytes, start, end, isFromServer } = segment;
    const direction = isFromServer ? this.#server : this.#client;
    if (!isFromServer) this.#follow(segment);
    let at = start;
    while (at < end) {
      if (direction.phase === MessagePhase.Body) {
        if (direction.mayOmitBody && !isFromServer) {
          const next = whatFollows(bytes, at, end, direction.body.remainingBytes);
          if (next === Next.Unknown) break;
          direction.mayOmitBody = false;
          if (next === Next.Request) {
            direction.phase = MessagePhase.Header;
            continue;
          }
        }
        if (direction.mayBeBodiless && at === start && beginsResponse(bytes, at, end)) {
          this.#bodies.end(direction);
          continue;
        }
        at = direction.body.read(bytes, at, end);
        direction.mayBeBodiless = false;
        if (!direction.body.isComplete) break;
        this.#bodies.end(direction);
        if (direction.isLost) this.#lose(segment, at);
        continue;
      }
      if (isFromServer && this.#simpleRequest !== NONE && this.#beginSimpleResponse(segment, at)) continue;
      at = skipEmptyLines(bytes, at, end);
      if (at === end) break;
      if (direction.scanned === 0 && !canBegin(bytes, at, end, isFromServer)) {
        if (!this.#isRecognised) return StreamVerdict.NotMine;
        direction.lose();
      }
      // A sender begins most messages with a segment; elsewhere none can be distinguished from other bytes.
      if (direction.phase === MessagePhase.Lost && (at !== start || !canBegin(bytes, at, end, isFromServer))) {
        // Responses may begin and end in what is skipped.
        if (isFromServer) this.#order.loseServer(segment.position + end - start);
        return end - start;
      }
      let headerEnd = findHeaderEnd(bytes, at, Math.max(at, at + direction.scanned - 3), end);
      if (headerEnd === -1 && !isFromServer && !direction.hasStartLine && bytes[end - 1] === Ascii.LineFeed) {
        if (isSimpleRequest(bytes, at, end)) headerEnd = end;
        direction.hasStartLine = true;
      }
      if (headerEnd === -1) {
        if (end - at > MAX_HEADER) return StreamVerdict.Malformed;
        direction.scanned = end - at;
        break;
      }
      direction.scanned = 0;
      direction.hasStartLine = false;
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
    let isWithin = direction.phase === MessagePhase.Body;
    const mayBeginWithin = direction.mayBeBodiless;
    if (isWithin && this.#bodies.lose(direction, lengthBytes)) {
      if (mayBeginWithin) this.#order.loseServer(rest.position + lengthBytes);
      return;
    }
    if (direction.phase === MessagePhase.Header && !isWithin) isWithin = this.#readUnfinished(rest);
    if (!isWithin || direction.phase === MessagePhase.Header) direction.lose();
    if (isFromServer) this.#order.loseServer(rest.position + lengthBytes);
    else {
      const isBegun = rest.end > rest.start;
      const position = isWithin ? rest.position + rest.end - rest.start : rest.position;
      this.#order.loseClient(position, !isWithin, isBegun ? rest.acknowledged : -1);
    }
  }

  missed(isFromServer: boolean, lengthBytes: number): void {
    const direction = isFromServer ? this.#server : this.#client;
    if (direction.phase === MessagePhase.Body) this.#bodies.addMissed(direction, lengthBytes);
  }

  end(isFromServer: boolean, unseenBytes: number, rest: StreamSegment): void {
    if (this.#isCarrier) return;
    const direction = isFromServer ? this.#server : this.#client;
    if (direction.phase === MessagePhase.Header) this.#readUnfinished(rest);
    if (direction.phase !== MessagePhase.Body) return;
    direction.body.lengthBytes -= unseenBytes;
    if (direction.body.endsWithConnection) this.#bodies.end(direction);
    else this.#bodies.break(direction);
  }

  /** Bytes of the client come. */
  #follow(segment: StreamSegment): void {
    // Something was sent before what this decoder sees first, and the server had answered nothing.
    if (!this.#isFollowed && segment.position > 0 && segment.acknowledged === 0) this.#order.loseClient(0, true);
    this.#isFollowed = true;
    this.#order.follow(segment);
  }

  /** Where the next message of a direction begins is not known from `at` on. */
  #lose({ isFromServer, position, start }: StreamSegment, at: number): void {
    if (isFromServer) this.#order.loseServer(position + at - start);
    else this.#order.loseClient(position + at - start, false);
  }

  /** Reads a header whose end does not come, up to its last whole line; false if there is none to read. */
  #readUnfinished(rest: StreamSegment): boolean {
    const { bytes, end, isFromServer } = rest;
    const at = skipEmptyLines(bytes, rest.start, end);
    let headerEnd = end;
    while (headerEnd > at && bytes[headerEnd - 1] !== Ascii.LineFeed) headerEnd--;
    if (headerEnd === at || !canBegin(bytes, at, end, isFromServer)) return false;
    const line = lineEnd(bytes, at, headerEnd);
    const isMessage = isFromServer
      ? readStatusLine(bytes, at, line.end)
      : readRequestLine(bytes, at, line.end) || readVersionlessLine(bytes, at, line.end, headerEnd);
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
    if (!readRequestLine(bytes, at, line.end) && !readVersionlessLine(bytes, at, line.end, headerEnd)) {
      if (!this.#isRecognised) return StreamVerdict.NotMine;
      // The server answers what it cannot read, too: its response is that of a request without a row.
      this.#order.request(segment, at - start);
      this.#client.lose();
      return undefined;
    }
    this.#isRecognised = true;
    const { record } = this.#out;
    this.#reader.readRequest(record, bytes, at, line.next, headerEnd);
    const { framing } = this.#reader;
    const number = this.#order.request(segment, at - start);
    if (startLine.isSimple) this.#simpleRequest = number;
    record.state = State.UNANSWERED;
    record.requestNumber = number + 1;
    // The length of a request with another last coding is not known (RFC 9112, section 6.3).
    const isEndless = framing.hasTransferEncoding && !framing.isChunked;
    if (isEndless) record.malformed = true;
    if (framing.isBroken || isEndless || this.#isUnfinished) {
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
    this.#client.phase = MessagePhase.Body;
    // The body that is here whole need not be reported later.
    const isHere = !framing.isChunked && framing.contentLength <= end - headerEnd;
    this.#client.isReported = isHere;
    if (isHere) record.requestBodyBytes = Math.max(0, framing.contentLength);
    this.#out.hold(number);
    if (body.isComplete) this.#client.phase = MessagePhase.Header;
    return undefined;
  }

  /** Bytes that are not a status line are the body of a response in HTTP/0.9, which ends with the connection; false if they are not. */
  #beginSimpleResponse(segment: StreamSegment, at: number): boolean {
    const number = this.#simpleRequest;
    const { bytes, start, end, isFromServer } = segment;
    if (this.#server.phase !== MessagePhase.Header || at !== start || this.#server.scanned > 0) return false;
    if (canBegin(bytes, at, end, isFromServer) || this.#order.expected(segment, 0) !== number) return false;
    this.#simpleRequest = NONE;
    const out = this.#out;
    if (!out.resume(number)) return false;
    this.#order.answer(segment, 0);
    const { record } = out;
    answerRequest(out, segment);
    record.responseFrame = segment.frameNumber;
    record.responseVersion.set(HTTP_0_9, 0, HTTP_0_9.length);
    out.hold(number);
    this.#server.body.begin(Framing.UntilClose, 0);
    this.#server.number = number;
    this.#server.isReported = false;
    this.#server.phase = MessagePhase.Body;
    return true;
  }

  /** Reads the header `[at, headerEnd)` of a response; a verdict where that ends the decoder. */
  #readResponse(segment: StreamSegment, at: number, headerEnd: number): number | undefined {
    const { bytes, start, end } = segment;
    const line = lineEnd(bytes, at, headerEnd);
    const isStatusLine = readStatusLine(bytes, at, line.end);
    if (!isStatusLine || !(this.#isRecognised || startLine.isConforming)) {
      if (!this.#isRecognised) return StreamVerdict.NotMine;
      this.#order.loseServer(segment.position + headerEnd - start);
      this.#server.lose();
      return undefined;
    }
    this.#isRecognised = true;
    const out = this.#out;
    const { status, isConforming } = startLine;
    const expected = this.#order.expected(segment, at - start);
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
    this.#order.answer(segment, at - start);
    const { record } = out;
    this.#client.mayOmitBody = isPaired && awaitsContinue(record) && this.#client.waitsWithBody(number);
    const isTunnel = isPaired && status >= 200 && status < 300 && isMethod(record, Method.Connect);
    if (isPaired) answerRequest(out, segment);
    else record.state = State.UNSOLICITED;
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
    this.#beginBody(hasNoBody(record, status));
    const { body } = this.#server;
    this.#server.number = number;
    // It may answer HEAD, whose responses have lengths and no bodies.
    this.#server.mayBeBodiless = !isPaired && !body.isComplete && headerEnd === end;
    this.#server.phase = MessagePhase.Body;
    const { contentLength, hasTransferEncoding } = this.#reader.framing;
    const isHere = body.isComplete || (!hasTransferEncoding && contentLength >= 0 && contentLength <= end - headerEnd);
    this.#server.isReported = isHere;
    if (isHere) {
      record.responseBodyBytes = body.isComplete ? 0 : contentLength;
      out.emit();
    } else out.hold(number);
    if (body.isComplete) this.#server.phase = MessagePhase.Header;
    return undefined;
  }

  /** The final response comes on stream 1 of HTTP/2 (RFC 7540, section 3.2). */
  #upgrade(number: number, isPaired: boolean): void {
    const out = this.#out;
    this.#isCarrier = true;
    this.upgradedRequest = isPaired ? number + 1 : 0;
    this.upgradedBody = new UpgradedBody(this.#client, this.#bodies);
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
    out.hold(requestKeyOfStream(1));
    if (this.#client.number === number) this.#client.number = requestKeyOfStream(1);
  }

  #beginBody(isEmpty: boolean): void {
    const { body } = this.#server;
    const { isChunked, hasTransferEncoding, contentLength } = this.#reader.framing;
    if (isEmpty) body.begin(Framing.None, 0);
    else if (isChunked) body.begin(Framing.Chunked, 0);
    else if (!hasTransferEncoding && contentLength >= 0) body.begin(Framing.Length, contentLength);
    else body.begin(Framing.UntilClose, 0);
  }
}

/** Whether a segment begins with a status line as the format has it, or the beginning of one. */
function beginsResponse(bytes: Uint8Array, start: number, end: number): boolean {
  return readStatusLine(bytes, start, lineEnd(bytes, start, end).end) && startLine.isConforming;
}
