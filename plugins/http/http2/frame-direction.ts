import { DEFAULT_TABLE_SIZE } from "../hpack/dynamic-table.js";
import { HpackDecoder } from "../hpack/hpack-decoder.js";
import type { MemoryBudget } from "../hpack/memory-budget.js";
import { DEFAULT_FRAME_BYTES, MAX_FRAME_BYTES } from "./frame.js";
import type { Http2Stream } from "./http2-stream.js";

/** What comes next in one direction of a connection. */
export const FramePhase = {
  /** The client's preface. */
  Preface: 0,
  /** The server's first frame, SETTINGS. */
  Settings: 1,
  Frame: 2,
  /** Rest of DATA that ends its stream. */
  LastData: 3,
  /** Rest of a frame that is skipped. */
  Skip: 4,
  /** Where the next frame begins is not known. */
  Lost: 5,
} as const;

/** Where one direction of an HTTP/2 connection is. */
export class FrameDirection {
  readonly isFromServer: boolean;
  phase: number;
  readonly fields: HpackDecoder;
  /** Longest payload that the other side takes. */
  maxFrameBytes = DEFAULT_FRAME_BYTES;
  /** Bytes of a field block's frames, from where it begins, that are whole. */
  scanned = 0;
  /** The frames of a block come that cannot be decoded. */
  isSkippingBlock = false;
  /** The direction ended. */
  isOver = false;
  /** Bytes were lost, or the beginning was not seen, so that frames may be unknown. */
  hasLoss = false;
  /** Stream of the DATA current frame, whose payload is skipped. */
  dataStream: Http2Stream | undefined;
  /** Bytes of its payload, data before padding. */
  dataBytes = 0;
  paddingBytes = 0;
  /** Bytes to come of {@link FramePhase.LastData} and {@link FramePhase.Skip}. */
  remaining = 0;

  constructor(isFromServer: boolean, budget: MemoryBudget) {
    this.isFromServer = isFromServer;
    this.phase = isFromServer ? FramePhase.Settings : FramePhase.Preface;
    this.fields = new HpackDecoder(budget);
  }

  /** A field block is not decoded, or in part. */
  loseBlock(): void {
    this.hasLoss = true;
    this.fields.forget();
  }

  /** Frames of this direction are not known: where the next one begins, and what fields were in a table. */
  lose(): void {
    this.phase = FramePhase.Lost;
    this.isSkippingBlock = false;
    this.dataStream = undefined;
    this.scanned = 0;
    this.loseBlock();
  }

  /** The direction ended: gives its memory back. */
  close(): void {
    this.isOver = true;
    this.dataStream = undefined;
    this.fields.release();
  }

  /** The other side allows a table of `size`; it may have allowed more before. */
  allowTable(size: number): void {
    this.fields.sizeLimit = Math.max(this.fields.sizeLimit, DEFAULT_TABLE_SIZE, size);
  }

  /** The other side allows frames of `lengthBytes`. */
  allowFrames(lengthBytes: number): void {
    this.maxFrameBytes = Math.max(this.maxFrameBytes, Math.min(lengthBytes, MAX_FRAME_BYTES));
  }

  /** What the other side allows is not known. */
  allowAll(): void {
    this.allowTable(Number.POSITIVE_INFINITY);
    this.allowFrames(MAX_FRAME_BYTES);
  }
}
