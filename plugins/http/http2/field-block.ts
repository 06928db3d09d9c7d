import { uint32 } from "../../../runtime/plugin/index.js";
import { MAX_BLOCK_BYTES } from "../hpack/hpack-decoder.js";
import { FRAME_HEADER_BYTES, FrameFlag, FrameType, frameHeader, isOdd, readFrameHeader } from "./frame.js";

/** {@link FieldBlock.promisedId} of a promise that ends before it. */
export const UNKNOWN_STREAM = -1;

/** Bytes of blocks that are in several frames, reassembled; of all connections, as a block is decoded at once. */
const assembled = new Uint8Array(MAX_BLOCK_BYTES);

/** A field block: what HEADERS or PUSH_PROMISE and the CONTINUATION frames after it carry (RFC 9113, section 4.3). */
export class FieldBlock {
  bytes: Uint8Array = assembled;
  start = 0;
  end = 0;
  /** The rest of the block is not there. */
  isCut = false;
  streamId = 0;
  /** The block is of PUSH_PROMISE. */
  isPromise = false;
  /** Stream that PUSH_PROMISE reserves, {@link UNKNOWN_STREAM} if that is missing. */
  promisedId = UNKNOWN_STREAM;
  /** HEADERS that ends its stream. */
  isLast = false;

  /**
   * Takes the block whose frames begin at `start`, the first one's header whole, up to `end` or `MAX_BLOCK_BYTES`; false if a length,
   * padding or promised stream is not possible.
   */
  take(bytes: Uint8Array, start: number, end: number, isCut: boolean): boolean {
    const first = start + FRAME_HEADER_BYTES;
    end = Math.min(end, start + MAX_BLOCK_BYTES);
    readFrameHeader(bytes, start);
    const { length, type, flags } = frameHeader;
    this.isCut = isCut;
    this.streamId = frameHeader.streamId;
    this.isLast = type === FrameType.Headers && (flags & FrameFlag.EndStream) !== 0;
    const isPadded = (flags & FrameFlag.Padded) !== 0;
    const isPromise = type === FrameType.PushPromise;
    const padding = isPadded && first < end ? bytes[first]! : 0;
    const priority = !isPromise && (flags & FrameFlag.Priority) !== 0 ? 5 : 0;
    const before = (isPadded ? 1 : 0) + priority + (isPromise ? 4 : 0);
    if (before + padding > length) return false;
    this.bytes = bytes;
    this.start = Math.min(end, first + before);
    this.end = Math.max(this.start, Math.min(end, first + length - padding));
    this.isPromise = isPromise;
    const hasPromisedId = isPromise && first + before <= end;
    this.promisedId = hasPromisedId ? uint32(bytes, this.start - 4) & 0x7fffffff : UNKNOWN_STREAM;
    // A server promises streams of its own, whose identifiers are even and not 0 (RFC 9113, sections 5.1.1 and 6.6).
    if (hasPromisedId && (this.promisedId === 0 || isOdd(this.promisedId))) return false;
    if (first + length < end) this.#join(bytes, first + length, end);
    return true;
  }

  /** Puts the fragments of the frames `bytes[start, end)` after the first one. */
  #join(bytes: Uint8Array, start: number, end: number): void {
    let length = this.end - this.start;
    assembled.set(bytes.subarray(this.start, this.end));
    for (let at = start; at + FRAME_HEADER_BYTES <= end; ) {
      readFrameHeader(bytes, at);
      const fragment = at + FRAME_HEADER_BYTES;
      at = fragment + frameHeader.length;
      const fragmentEnd = Math.min(at, end);
      assembled.set(bytes.subarray(fragment, fragmentEnd), length);
      length += fragmentEnd - fragment;
    }
    this.bytes = assembled;
    this.start = 0;
    this.end = length;
  }
}
