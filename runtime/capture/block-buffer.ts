import { type ByteInput, IDLE } from "./byte-input.js";

const BLOCK_BYTES = 1024 * 1024;

/** Maximum length of a packet; a larger length field is damaged. */
export const MAX_PACKET_BYTES = 64 * 1024 * 1024;

/**
 * A window on a capture: complete records are indexed in place, and a record that crosses its end is moved to the front
 * before the next bytes are read after it.
 *
 * ```
 * ┌──────────┬──────────────────────┬────────────┐
 * │ consumed │ record, record, reco │ free       │
 * └──────────┴──────────────────────┴────────────┘
 * 0        start                   end     bytes.length
 * ```
 */
export class BlockBuffer {
  input: ByteInput;
  bytes = new Uint8Array(BLOCK_BYTES);
  view = new DataView(this.bytes.buffer);
  start = 0;
  end = 0;
  /** Position of `bytes[0]` in the capture. */
  #origin = 0;

  constructor(input: ByteInput) {
    this.input = input;
  }

  /** Position in the capture (after decompression) of an offset into {@link bytes}. */
  positionOf(offset: number): number {
    return this.#origin + offset;
  }

  /**
   * Makes room for a record of `neededBytes` at {@link start} and reads once. Overwrites consumed bytes. Returns as
   * {@link ByteInput.read} does.
   */
  async fill(neededBytes: number): Promise<number> {
    this.#moveToFront(neededBytes);
    const count = await this.input.read(this.bytes, this.end);
    if (count !== IDLE) this.end += count;
    return count;
  }

  #moveToFront(neededBytes: number): void {
    const kept = this.bytes.subarray(this.start, this.end);
    if (neededBytes > this.bytes.length) {
      this.bytes = new Uint8Array(roomFor(neededBytes));
      this.view = new DataView(this.bytes.buffer);
      this.bytes.set(kept);
    } else if (this.start > 0) {
      this.bytes.copyWithin(0, this.start, this.end);
    }
    this.#origin += this.start;
    this.end = kept.length;
    this.start = 0;
  }
}

/** The next power of two, so that growing packet by packet stays cheap. */
function roomFor(neededBytes: number): number {
  return 2 ** Math.ceil(Math.log2(neededBytes + 1));
}
