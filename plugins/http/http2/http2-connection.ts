import type { HttpRecord } from "../../../generated/http/record.js";
import { type Output, type StreamDecoder, type StreamSegment, uint16, uint32 } from "../../../runtime/plugin/index.js";
import { MAX_BLOCK_BYTES } from "../hpack/hpack-decoder.js";
import type { MemoryBudget } from "../hpack/memory-budget.js";
import { FieldBlock } from "./field-block.js";
import {
  CLIENT_PREFACE,
  FRAME_HEADER_BYTES,
  FrameFlag,
  FrameType,
  frameHeader,
  isSoundFrame,
  mayBePreface,
  readFrameHeader,
  Setting,
} from "./frame.js";
import { FrameDirection, FramePhase } from "./frame-direction.js";
import { isFrameStart } from "./frame-start.js";
import type { Http2Fields } from "./http2-fields.js";
import { Http2Streams } from "./http2-streams.js";

/** More bytes are needed. */
const INCOMPLETE = -1;
/** The frame breaks a rule. */
const BROKEN = -2;

/** The current block; of all connections, as it is decoded at once. */
const block = new FieldBlock();

/**
 * One connection of cleartext HTTP/2 (RFC 9113). After a loss, a direction resynchronizes at a segment that begins with a whole frame; fields
 * that refer to lost table entries are omitted.
 */
export class Http2Connection implements StreamDecoder {
  readonly #streams: Http2Streams;
  readonly #client: FrameDirection;
  readonly #server: FrameDirection;

  constructor(out: Output<HttpRecord>, fields: Http2Fields, budget: MemoryBudget) {
    this.#streams = new Http2Streams(out, fields, budget);
    this.#client = new FrameDirection(false, budget);
    this.#server = new FrameDirection(true, budget);
  }

  /** Continues a connection that `Upgrade: h2c` switched: request number `requestNumber` is stream 1's, that of 0 was not seen. */
  continueUpgrade(requestNumber: number): void {
    // The client's settings stood in its request.
    this.#server.allowAll();
    if (requestNumber === 0) this.#client.hasLoss = true;
    else this.#streams.adopt(requestNumber);
  }

  decode(segment: StreamSegment): number {
    return this.read(segment, segment.start) - segment.start;
  }

  /** As {@link decode}, from `at` on; returns the position up to which the bytes are done with. */
  read(segment: StreamSegment, at: number): number {
    const { bytes, start, end, isFromServer } = segment;
    const direction = this.#direction(isFromServer);
    if (direction.isOver || this.#server.isOver) return end;
    // Frames begin with a segment; elsewhere none can be distinguished from other bytes. One that was refused is not tried again.
    let mayBegin = at === start && (direction.phase === FramePhase.Lost || direction.phase === FramePhase.Settings);
    while (at < end) {
      switch (direction.phase) {
        case FramePhase.Preface:
          if (!mayBePreface(bytes, at, end)) this.#lose(direction);
          else if (end - at < CLIENT_PREFACE.length) return at;
          else {
            at += CLIENT_PREFACE.length;
            direction.phase = FramePhase.Frame;
          }
          break;
        case FramePhase.Lost:
          if (!mayBegin || !isFrameStart(bytes, at, end, direction, this.#client, this.#streams)) return end;
          mayBegin = false;
          direction.phase = FramePhase.Frame;
          break;
        case FramePhase.LastData:
          at = this.#readLastData(direction, at, end);
          break;
        case FramePhase.Skip:
          at += direction.remaining;
          direction.phase = FramePhase.Frame;
          break;
        default: {
          const next = this.#readFrame(segment, direction, at);
          if (next === INCOMPLETE) return at;
          if (next === BROKEN) this.#lose(direction);
          else at = next;
        }
      }
    }
    return at;
  }

  gap(isFromServer: boolean, lengthBytes: number, rest: StreamSegment): undefined {
    const direction = this.#direction(isFromServer);
    if (direction.isOver || this.#server.isOver) return;
    if (
      (direction.phase === FramePhase.LastData || direction.phase === FramePhase.Skip) &&
      lengthBytes <= direction.remaining
    ) {
      direction.remaining -= lengthBytes;
      if (direction.phase === FramePhase.LastData) this.missed(isFromServer, lengthBytes);
      if (direction.remaining > 0) return;
      if (direction.phase === FramePhase.LastData) this.#endData(direction);
      direction.phase = FramePhase.Frame;
      return;
    }
    if (direction.phase !== FramePhase.Frame || !this.#cutFrame(direction, lengthBytes, rest)) this.#lose(direction);
  }

  missed(isFromServer: boolean, lengthBytes: number): void {
    const { dataStream, dataBytes } = this.#direction(isFromServer);
    dataStream?.addMissed(isFromServer, Math.min(lengthBytes, dataBytes));
  }

  end(isFromServer: boolean, unseenBytes: number, rest: StreamSegment): void {
    const direction = this.#direction(isFromServer);
    const { phase, remaining, paddingBytes, dataBytes } = direction;
    if (!this.#server.isOver) {
      if (phase === FramePhase.Frame) this.#cutFrame(direction, rest.end - rest.start, rest);
      const unseen = unseenBytes + (phase === FramePhase.LastData ? remaining : 0) - paddingBytes;
      direction.dataStream?.addData(isFromServer, -Math.max(0, Math.min(unseen, dataBytes)));
    }
    if (isFromServer) this.#streams.finish();
    direction.close();
  }

  #direction(isFromServer: boolean): FrameDirection {
    return isFromServer ? this.#server : this.#client;
  }

  #lose(direction: FrameDirection): void {
    const { isFromServer } = direction;
    direction.lose();
    // Settings may be among what is lost.
    this.#direction(!isFromServer).allowAll();
    this.#streams.breakMessages(isFromServer);
  }

  /** Reads the frame at `at`; returns the position after what is done of it, or {@link INCOMPLETE} or {@link BROKEN}. */
  #readFrame(segment: StreamSegment, direction: FrameDirection, at: number): number {
    const { bytes, end } = segment;
    if (end - at < FRAME_HEADER_BYTES) return INCOMPLETE;
    readFrameHeader(bytes, at);
    const { length, type, flags, streamId } = frameHeader;
    const payload = at + FRAME_HEADER_BYTES;
    if (length > direction.maxFrameBytes || !isSoundFrame(direction.isFromServer)) return BROKEN;
    if (direction.phase === FramePhase.Settings && type !== FrameType.Settings) return BROKEN;
    direction.phase = FramePhase.Frame;
    direction.dataStream = undefined;
    direction.paddingBytes = 0;
    if (direction.isSkippingBlock) {
      if (type !== FrameType.Continuation) return BROKEN;
      direction.isSkippingBlock = (flags & FrameFlag.EndHeaders) === 0;
      return payload + length;
    }
    switch (type) {
      case FrameType.Data:
        return this.#readData(bytes, payload, end, direction);
      case FrameType.Headers:
      case FrameType.PushPromise:
        return this.#readBlock(segment, at, direction);
      case FrameType.Continuation:
        return BROKEN;
      case FrameType.RstStream:
        if (end - payload < length) return INCOMPLETE;
        this.#streams.reset(streamId, uint32(bytes, payload));
        return payload + length;
      case FrameType.Settings:
        if (end - payload < length) return INCOMPLETE;
        this.#readSettings(bytes, payload, payload + length, this.#direction(!direction.isFromServer));
        return payload + length;
      case FrameType.GoAway:
        if (end - payload < 8) return INCOMPLETE;
        this.#streams.goAway(direction.isFromServer, uint32(bytes, payload) & 0x7fffffff, uint32(bytes, payload + 4));
        return payload + length;
      default:
        return payload + length;
    }
  }

  /** DATA (RFC 9113, section 6.1), whose payload is skipped; its last byte is waited for where the stream ends with it. */
  #readData(bytes: Uint8Array, payload: number, end: number, direction: FrameDirection): number {
    const { length, flags, streamId } = frameHeader;
    const { isFromServer } = direction;
    const isPadded = (flags & FrameFlag.Padded) !== 0;
    if (isPadded && length === 0) return BROKEN;
    if (isPadded && payload === end) return INCOMPLETE;
    const padding = isPadded ? bytes[payload]! : 0;
    const start = payload + (isPadded ? 1 : 0);
    const rest = payload + length - start;
    if (padding > rest) return BROKEN;
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return start + rest;
    if (isFromServer ? !stream.isAnswered && !direction.hasLoss : stream.isRequestEnded) stream.isMalformed = true;
    direction.dataStream = stream;
    direction.dataBytes = rest - padding;
    direction.paddingBytes = padding;
    stream.addData(isFromServer, rest - padding);
    if ((flags & FrameFlag.EndStream) === 0) return start + rest;
    direction.remaining = rest;
    if (rest > 0) direction.phase = FramePhase.LastData;
    else this.#endData(direction);
    return start;
  }

  /** Skips data, all but the last byte of what is to come. */
  #readLastData(direction: FrameDirection, at: number, end: number): number {
    const { remaining } = direction;
    if (end - at < remaining) {
      direction.remaining = 1;
      return at + remaining - 1;
    }
    direction.phase = FramePhase.Frame;
    this.#endData(direction);
    return at + remaining;
  }

  #endData(direction: FrameDirection): void {
    const { dataStream, isFromServer } = direction;
    direction.dataStream = undefined;
    if (dataStream !== undefined) this.#streams.endMessage(dataStream, isFromServer);
  }

  /** HEADERS or PUSH_PROMISE and the CONTINUATION frames that follow it at once (RFC 9113, section 6.10). */
  #readBlock(segment: StreamSegment, start: number, direction: FrameDirection): number {
    const { bytes, end } = segment;
    const { streamId } = frameHeader;
    for (let at = start + direction.scanned; ; ) {
      if (end - at < FRAME_HEADER_BYTES) return INCOMPLETE;
      readFrameHeader(bytes, at);
      if (at > start && (frameHeader.type !== FrameType.Continuation || frameHeader.streamId !== streamId))
        return BROKEN;
      if (frameHeader.length > direction.maxFrameBytes) return BROKEN;
      const next = at + FRAME_HEADER_BYTES + frameHeader.length;
      const isEnd = (frameHeader.flags & FrameFlag.EndHeaders) !== 0;
      const isTooLong = next - start > MAX_BLOCK_BYTES;
      if (isTooLong ? end - start < MAX_BLOCK_BYTES : next > end) return INCOMPLETE;
      if (isEnd || isTooLong) {
        direction.scanned = 0;
        direction.isSkippingBlock = !isEnd;
        const isTaken = this.#takeBlock(segment, start, isTooLong ? end : next, isTooLong, direction);
        return isTaken ? next : BROKEN;
      }
      at = next;
      direction.scanned = at - start;
    }
  }

  /** Decodes the block whose frames are `bytes[start, end)`, whose rest is missing if it is truncated. */
  #takeBlock(segment: StreamSegment, start: number, end: number, isCut: boolean, direction: FrameDirection): boolean {
    const { bytes } = segment;
    const isTaken = block.take(bytes, start, end, isCut);
    const isDecoded = isTaken && this.#streams.readBlock(block, direction, this.#client, segment);
    if (isCut) direction.loseBlock();
    return isDecoded;
  }

  /**
   * Handles `lengthBytes` missing bytes, counted from the start of a frame. If the frame's header is in `rest`, the direction stays
   * synchronized. Returns false otherwise.
   */
  #cutFrame(direction: FrameDirection, lengthBytes: number, rest: StreamSegment): boolean {
    const { bytes, start, end } = rest;
    const at = start + direction.scanned;
    if (end - at < FRAME_HEADER_BYTES) return false;
    readFrameHeader(bytes, at);
    const { length, type, flags } = frameHeader;
    const remaining = direction.scanned + FRAME_HEADER_BYTES + length - lengthBytes;
    if (remaining < 0 || type === FrameType.Data || length > direction.maxFrameBytes) return false;
    const isInBlock = type === FrameType.Headers || type === FrameType.PushPromise || type === FrameType.Continuation;
    if (isInBlock) {
      direction.isSkippingBlock = (flags & FrameFlag.EndHeaders) === 0;
      this.#takeBlock(rest, start, end, true, direction);
    }
    direction.scanned = 0;
    direction.remaining = remaining;
    direction.phase = remaining > 0 ? FramePhase.Skip : FramePhase.Frame;
    return true;
  }

  /** SETTINGS, which say what the other direction's frames and tables may be (RFC 9113, section 6.5). */
  #readSettings(bytes: Uint8Array, start: number, end: number, other: FrameDirection): void {
    for (let at = start; at < end; at += 6) {
      const value = uint32(bytes, at + 2);
      const identifier = uint16(bytes, at);
      if (identifier === Setting.HeaderTableSize) other.allowTable(value);
      else if (identifier === Setting.MaxFrameSize) other.allowFrames(value);
    }
  }
}
