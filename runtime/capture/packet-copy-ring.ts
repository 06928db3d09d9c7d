import { BLOCK_CAPACITY, PacketBlock } from "../packet/packet-block.js";
import { Timestamp } from "../record/timestamp.js";
import { ArrivalClock } from "./arrival-clock.js";

const BLOCKS = 8;
const BLOCK_BYTES = 4 * 1024 * 1024;

/**
 * Copies packets out of a reused buffer into a bounded ring of blocks: one is filled while others wait or are read. If the
 * reader is too slow, new packets are dropped and counted.
 */
export class PacketCopyRing {
  readonly counters = { packets: 0, bytes: 0, dropped: 0 };
  readonly #blocks: PacketBlock[] = [];
  readonly #clock = new ArrivalClock();
  readonly #time = new Timestamp();
  #filling = 0;
  #filledBytes = 0;
  /** The next block to return. */
  #reading = 0;
  #isHandedOut = false;

  constructor() {
    for (let i = 0; i < BLOCKS; i++) this.#blocks.push(new PacketBlock());
  }

  get isEmpty(): boolean {
    return this.#reading === this.#filling && this.#blocks[this.#filling]!.count === 0;
  }

  /** Whether packets wait after a complete block. */
  get hasFullBlock(): boolean {
    return this.#reading !== this.#filling && !(this.#isHandedOut && (this.#reading + 1) % BLOCKS === this.#filling);
  }

  /** Copies `source[0, length)` as one packet, or drops it. */
  add(source: Uint8Array, length: number): void {
    let block = this.#blocks[this.#filling]!;
    if (block.count === BLOCK_CAPACITY || this.#filledBytes + length > BLOCK_BYTES) {
      if (!this.#beginNext()) {
        this.counters.dropped++;
        return;
      }
      block = this.#blocks[this.#filling]!;
    }
    if (block.bytes.length === 0) block.bytes = new Uint8Array(BLOCK_BYTES);
    const i = block.count++;
    block.bytes.set(source.subarray(0, length), this.#filledBytes);
    this.#clock.read(this.#time);
    block.offsets[i] = this.#filledBytes;
    block.capturedLengths[i] = length;
    block.originalLengths[i] = length;
    block.timesHigh[i] = this.#time.high;
    block.timesLow[i] = this.#time.low;
    block.frameNumbers[i] = ++this.counters.packets;
    this.#filledBytes += length;
    this.counters.bytes += length;
  }

  /** The oldest packets, or an empty block; valid until the next call. */
  take(): PacketBlock {
    if (this.#isHandedOut) {
      this.#blocks[this.#reading]!.count = 0;
      this.#reading = (this.#reading + 1) % BLOCKS;
      this.#isHandedOut = false;
    }
    const block = this.#blocks[this.#reading]!;
    if (block.count === 0) return block;
    // The block that is being read must not be filled.
    if (this.#reading === this.#filling && !this.#beginNext())
      throw new Error("a ring of one block cannot be read and filled");
    this.#isHandedOut = true;
    return block;
  }

  /** Moves to the next block; false while it waits to be read or is being read. */
  #beginNext(): boolean {
    const next = (this.#filling + 1) % BLOCKS;
    if (next === this.#reading) return false;
    this.#filling = next;
    this.#filledBytes = 0;
    return true;
  }
}
