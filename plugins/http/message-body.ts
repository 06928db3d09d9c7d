import { indexOfByte, lowerCase } from "../../runtime/plugin/index.js";
import { Ascii } from "./ascii.js";

/** How a body's end is found (RFC 9112, section 6.3). */
export const Framing = { None: 0, Length: 1, Chunked: 2, UntilClose: 3 } as const;

/** What comes next of a chunked body (RFC 9112, section 7.1). */
const Part = { Size: 0, Data: 1, DataEnd: 2, Trailer: 3 } as const;

/** Longest line of a chunk's size with its extensions, and of a trailer field. */
const MAX_LINE = 16384;

/** Follows one message's body to its end without looking at it. */
export class MessageBody {
  /** Bytes of the body so far, without chunk framing. */
  lengthBytes = 0;
  isComplete = false;
  isMalformed = false;
  /** Nothing of the body was read. */
  isUntouched = true;
  #framing: number = Framing.None;
  #part: number = Part.Size;
  /** Bytes to come of the body or of the current chunk. */
  #remaining = 0;

  /** Begins a body; `lengthBytes` is for {@link Framing.Length}. */
  begin(framing: number, lengthBytes: number): void {
    this.lengthBytes = 0;
    this.isMalformed = false;
    this.isUntouched = true;
    this.#framing = framing;
    this.#part = Part.Size;
    this.#remaining = framing === Framing.Length ? lengthBytes : 0;
    this.isComplete = framing === Framing.None || (framing === Framing.Length && lengthBytes === 0);
  }

  /** Bytes of the body to come; infinite where that is not known. */
  get remainingBytes(): number {
    return this.#framing === Framing.Length ? this.#remaining : Number.POSITIVE_INFINITY;
  }

  /** The end of the connection is the end of the body. */
  get endsWithConnection(): boolean {
    return this.#framing === Framing.UntilClose;
  }

  /**
   * Takes `bytes[start, end)` and returns the position up to which it is done, up to the last byte of a chunk or body that is still
   * to come: that one is asked for, so that the end is reported.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.isUntouched = false;
    switch (this.#framing) {
      case Framing.Length:
        return this.#readData(start, end);
      case Framing.Chunked:
        return this.#readChunks(bytes, start, end);
      default:
        this.lengthBytes += end - start;
        return end;
    }
  }

  /** `lengthBytes` of the message are lost; false if its end is lost with them, or where it is can no longer be known. */
  lose(lengthBytes: number): boolean {
    if (this.#framing === Framing.UntilClose) {
      this.lengthBytes += lengthBytes;
      return true;
    }
    if (this.#framing === Framing.Chunked && this.#part !== Part.Data) return false;
    if (lengthBytes > this.#remaining) return false;
    this.lengthBytes += lengthBytes;
    this.#remaining -= lengthBytes;
    if (this.#remaining > 0) return true;
    if (this.#framing === Framing.Length) this.isComplete = true;
    else this.#part = Part.DataEnd;
    return true;
  }

  /** Skips data, all but the last byte of what is to come. */
  #readData(start: number, end: number): number {
    const available = end - start;
    if (available >= this.#remaining) {
      const at = start + this.#remaining;
      this.lengthBytes += this.#remaining;
      this.#remaining = 0;
      this.isComplete = this.#framing === Framing.Length;
      return at;
    }
    const passed = this.#remaining - 1;
    this.lengthBytes += passed;
    this.#remaining = 1;
    return start + passed;
  }

  #readChunks(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && !this.isComplete) {
      if (this.#part === Part.Data) {
        at = this.#readData(at, end);
        if (this.#remaining > 0) return at;
        this.#part = Part.DataEnd;
        continue;
      }
      const lineFeed = indexOfByte(bytes, Ascii.LineFeed, at, Math.min(end, at + MAX_LINE));
      if (lineFeed === -1) {
        if (end - at >= MAX_LINE) this.#fail();
        return at;
      }
      this.#readLine(bytes, at, lineFeed);
      at = lineFeed + 1;
    }
    return at;
  }

  /** Reads a line up to its line feed: a chunk's size, the empty line after its data, or a trailer field. */
  #readLine(bytes: Uint8Array, start: number, lineFeed: number): void {
    const end = lineFeed > start && bytes[lineFeed - 1] === Ascii.Return ? lineFeed - 1 : lineFeed;
    if (this.#part === Part.DataEnd) {
      if (end > start) this.#fail();
      this.#part = Part.Size;
    } else if (this.#part === Part.Trailer) {
      if (end === start) this.isComplete = true;
    } else {
      const size = readChunkSize(bytes, start, end);
      if (size === -1) this.#fail();
      this.#remaining = size;
      this.#part = size === 0 ? Part.Trailer : Part.Data;
    }
  }

  #fail(): void {
    this.isMalformed = true;
    this.isComplete = true;
  }
}

/** The hexadecimal number at `start`, up to spaces, extensions or the end; -1 for none, or one of 2^48 and more. */
function readChunkSize(bytes: Uint8Array, start: number, end: number): number {
  let size = 0;
  let at = start;
  for (; at < end; at++) {
    const byte = lowerCase(bytes[at]!);
    const digit = byte >= 48 && byte <= 57 ? byte - 48 : byte >= 97 && byte <= 102 ? byte - 87 : -1;
    if (digit === -1) break;
    size = size * 16 + digit;
    if (size >= 2 ** 48) return -1;
  }
  const byte = bytes[at];
  const isEnded = at === end || byte === Ascii.Space || byte === Ascii.Tab || byte === Ascii.Semicolon;
  return at > start && isEnded ? size : -1;
}
