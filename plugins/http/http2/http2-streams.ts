import { State } from "../../../generated/http/http_enums.js";
import type { HttpRecord } from "../../../generated/http/record.js";
import type { Output, StreamSegment } from "../../../runtime/plugin/index.js";
import type { MemoryBudget } from "../hpack/memory-budget.js";
import { answerRequest, hasNoBody } from "../transaction.js";
import { type FieldBlock, UNKNOWN_STREAM } from "./field-block.js";
import { isOdd } from "./frame.js";
import type { FrameDirection } from "./frame-direction.js";
import { BlockKind, type Http2Fields } from "./http2-fields.js";
import { Http2Stream } from "./http2-stream.js";

/** Streams of one connection that are followed at once; of more, the one that is open for longest becomes a row. */
const MAX_STREAMS = 1024;
/** Bytes of memory for a stream, about. */
const STREAM_BYTES = 256;
/** Streams that ended before their time, and of which frames may come still. */
const MAX_ENDED_EARLY = 64;

const NO_ERROR = 0;
const SWITCHING_PROTOCOLS = 101;

/** The streams of one connection whose rows are not made yet, and the rows. */
export class Http2Streams {
  readonly #out: Output<HttpRecord>;
  readonly #fields: Http2Fields;
  readonly #budget: MemoryBudget;
  /** In the order in which they began. */
  readonly #open = new Map<number, Http2Stream>();
  readonly #endedEarly = new Set<number>();
  #requests = 0;
  /** No open stream of the client, or of the server, has a higher identifier. */
  #maxOpenOdd = 0;
  #maxOpenEven = 0;
  /** Code of a GOAWAY, with which streams end that end with the connection. */
  #connectionError = NO_ERROR;
  /** Largest identifier of a stream that the client opened. */
  highestId = 0;

  constructor(out: Output<HttpRecord>, fields: Http2Fields, budget: MemoryBudget) {
    this.#out = out;
    this.#fields = fields;
    this.#budget = budget;
  }

  /** The stream of that identifier, if its row is not made yet. */
  get(streamId: number): Http2Stream | undefined {
    return this.#open.get(streamId);
  }

  /** Stream 1 answers a request that came in HTTP/1, which is open under the stream's key, as number `requestNumber` of the connection. */
  adopt(requestNumber: number): void {
    const stream = this.#begin(1);
    this.#requests = requestNumber;
    this.highestId = 1;
    if (stream === undefined) return;
    stream.isUpgraded = true;
    stream.isRequestEnded = true;
  }

  /** A field block came; false if it could not be decoded, so that no later one of its direction can be. */
  readBlock(block: FieldBlock, direction: FrameDirection, client: FrameDirection, segment: StreamSegment): boolean {
    const { streamId, isPromise, promisedId } = block;
    if (isPromise) {
      return promisedId === UNKNOWN_STREAM || this.#open.has(promisedId)
        ? this.#ignore(block, direction)
        : this.#readRequest(block, direction, promisedId, true);
    }
    if (direction.isFromServer) return this.#readResponse(block, direction, client, segment);
    const stream = this.#open.get(streamId);
    if (stream !== undefined) return this.#readTrailers(block, direction, stream);
    if (streamId <= this.highestId) return this.#ignore(block, direction);
    this.highestId = streamId;
    return this.#readRequest(block, direction, streamId, block.isLast);
  }

  /** A frame with END_STREAM was the last one of a side's message. */
  endMessage(stream: Http2Stream, isFromServer: boolean): void {
    if (this.#open.get(stream.id) !== stream) return;
    stream.endMessage(isFromServer);
    if (isFromServer) this.#makeRow(stream);
  }

  /** A stream was reset (RFC 9113, section 6.4). */
  reset(streamId: number, code: number): void {
    const stream = this.#open.get(streamId);
    if (stream !== undefined) this.#makeRow(stream, code);
  }

  /** One side handles no stream of the other side after `lastId` (RFC 9113, section 6.8). */
  goAway(isFromServer: boolean, lastId: number, code: number): void {
    this.#connectionError ||= code;
    if (lastId >= (isFromServer ? this.#maxOpenOdd : this.#maxOpenEven)) return;
    let maxOpen = 0;
    for (const stream of this.#open.values()) {
      if (isOdd(stream.id) !== isFromServer) continue;
      if (stream.id > lastId) this.#makeRow(stream, code);
      else maxOpen = Math.max(maxOpen, stream.id);
    }
    if (isFromServer) this.#maxOpenOdd = maxOpen;
    else this.#maxOpenEven = maxOpen;
  }

  /** Frames of one side are lost, whose streams may have gone on or ended in them. */
  breakMessages(isFromServer: boolean): void {
    for (const stream of this.#open.values()) stream.breakMessage(isFromServer);
  }

  /** The connection ended. */
  finish(): void {
    const code = this.#connectionError === NO_ERROR ? undefined : this.#connectionError;
    for (const stream of this.#open.values()) this.#makeRow(stream, code);
  }

  #readRequest(block: FieldBlock, direction: FrameDirection, streamId: number, isEnded: boolean): boolean {
    const stream = this.#begin(streamId);
    const out = this.#out;
    const { record } = out;
    const isSound = this.#decode(block, direction, record, BlockKind.Request);
    const { hasPseudo, contentLength } = this.#fields;
    if (!hasPseudo && direction.hasLoss && !block.isCut && isEnded) {
      // Trailers of a request that was lost.
      out.putBack();
      if (stream !== undefined) this.#forget(stream);
      return isSound;
    }
    record.state = State.UNANSWERED;
    record.requestNumber = ++this.#requests;
    record.streamId = streamId;
    if (isEnded) record.requestBodyBytes = 0;
    if (stream === undefined) {
      record.incomplete = true;
      out.emit();
      return isSound;
    }
    stream.requestLength = contentLength;
    stream.isRequestEnded = isEnded;
    out.hold(stream.key);
    return isSound;
  }

  #readTrailers(block: FieldBlock, direction: FrameDirection, stream: Http2Stream): boolean {
    if (stream.isRequestEnded || !block.isLast) stream.isMalformed = true;
    const out = this.#out;
    if (!out.resume(stream.key)) {
      this.#forget(stream);
      return this.#ignore(block, direction);
    }
    const isSound = this.#decode(block, direction, out.record, BlockKind.RequestTrailers);
    out.hold(stream.key);
    if (block.isLast) stream.endMessage(false);
    return isSound;
  }

  #readResponse(block: FieldBlock, direction: FrameDirection, client: FrameDirection, segment: StreamSegment): boolean {
    const out = this.#out;
    const { streamId, isLast, isCut } = block;
    let stream = this.#open.get(streamId);
    const isPaired = stream !== undefined && out.resume(stream.key);
    if (stream !== undefined && !isPaired) {
      // Its row was made, as there were too many.
      this.#forget(stream);
      return this.#ignore(block, direction);
    }
    if (stream === undefined) {
      const isRequestLost = isOdd(streamId) ? client.hasLoss : direction.hasLoss;
      if (!isRequestLost || this.#endedEarly.has(streamId)) return this.#ignore(block, direction);
      stream = this.#begin(streamId);
      if (stream === undefined) return this.#ignore(block, direction);
    }
    const { record } = out;
    const kind = stream.isAnswered ? BlockKind.ResponseTrailers : BlockKind.Response;
    const isSound = this.#decode(block, direction, record, kind);
    const { status, contentLength } = this.#fields;
    if (!isPaired) {
      record.state = State.UNSOLICITED;
      record.streamId = streamId;
    }
    if (isLast) stream.endMessage(true);
    if (kind === BlockKind.Response && status === 0 && (isCut || direction.hasLoss)) stream.isResponseBroken = true;
    else if (kind === BlockKind.ResponseTrailers) {
      if (!isLast) stream.isMalformed = true;
    } else if (status > 0 && status < 200) {
      record.informationalStatuses.push(status);
      // Switching protocols is not a part of HTTP/2 (RFC 9113, section 8.6).
      if (isLast || status === SWITCHING_PROTOCOLS) stream.isMalformed = true;
    } else {
      stream.isAnswered = true;
      stream.isResponseBroken = false;
      stream.responseLength = contentLength;
      this.#answer(record, segment, isPaired);
    }
    if (isLast) this.#emit(stream);
    else out.hold(stream.key);
    return isSound;
  }

  #answer(record: HttpRecord, segment: StreamSegment, isPaired: boolean): void {
    record.responseFrame = segment.frameNumber;
    if (isPaired && record.state !== State.UNSOLICITED) answerRequest(this.#out, segment);
  }

  /** Decodes a block for its effect on the table alone. */
  #ignore(block: FieldBlock, direction: FrameDirection): boolean {
    return this.#decode(block, direction, this.#out.record, BlockKind.Ignored);
  }

  #decode(block: FieldBlock, direction: FrameDirection, record: HttpRecord, kind: number): boolean {
    const fields = this.#fields;
    fields.begin(record, kind, direction.hasLoss);
    const isSound = direction.fields.decode(block.bytes, block.start, block.end, fields);
    if (block.isCut || !isSound) fields.unknownField();
    fields.end();
    if (!isSound && !block.isCut && kind !== BlockKind.Ignored) record.malformed = true;
    return isSound || block.isCut;
  }

  /** Makes the row of a stream that ends before its time, with the code that ended it, or with its response. */
  #makeRow(stream: Http2Stream, code?: number): void {
    if (!this.#out.resume(stream.key)) {
      this.#forget(stream);
      return;
    }
    if (code !== undefined) this.#out.record.streamError = code;
    if (!stream.isResponseEnded) this.#endEarly(stream.id);
    this.#emit(stream);
  }

  #emit(stream: Http2Stream): void {
    const { record } = this.#out;
    stream.write(record, hasNoBody(record, record.status));
    this.#out.emit();
    this.#forget(stream);
  }

  #endEarly(streamId: number): void {
    const ended = this.#endedEarly;
    ended.add(streamId);
    if (ended.size <= MAX_ENDED_EARLY) return;
    for (const first of ended) {
      ended.delete(first);
      return;
    }
  }

  /** Begins to follow a stream; undefined if there is no memory for it. */
  #begin(streamId: number): Http2Stream | undefined {
    const open = this.#open;
    if (open.size >= MAX_STREAMS || !this.#budget.take(STREAM_BYTES)) {
      const oldest = open.values().next().value;
      if (oldest === undefined) return undefined;
      oldest.isResponseBroken = true;
      this.#makeRow(oldest);
      if (!this.#budget.take(STREAM_BYTES)) return undefined;
    }
    const stream = new Http2Stream(streamId);
    open.set(streamId, stream);
    if (isOdd(streamId)) this.#maxOpenOdd = Math.max(this.#maxOpenOdd, streamId);
    else this.#maxOpenEven = Math.max(this.#maxOpenEven, streamId);
    return stream;
  }

  #forget(stream: Http2Stream): void {
    if (this.#open.delete(stream.id)) this.#budget.giveBack(STREAM_BYTES);
  }
}
