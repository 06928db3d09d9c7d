import { BATCH_CAPACITY, PacketBatch } from "../packet/packet-batch.js";
import { Timestamp } from "../record/timestamp.js";
import { ArrivalClock } from "./arrival-clock.js";

const BATCHES = 8;
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Copies packets out of a reused buffer into a bounded ring of batches: one is filled while others wait or are read. If the
 * reader is too slow, new packets are dropped and counted.
 */
export class PacketCopyRing {
  readonly counters = { packets: 0, bytes: 0, dropped: 0 };
  readonly #batches: PacketBatch[] = [];
  readonly #clock = new ArrivalClock();
  readonly #time = new Timestamp();
  #filling = 0;
  #filledBytes = 0;
  /** The next batch to return. */
  #reading = 0;
  #isHandedOut = false;

  constructor() {
    for (let i = 0; i < BATCHES; i++) this.#batches.push(new PacketBatch());
  }

  get isEmpty(): boolean {
    return this.#reading === this.#filling && this.#batches[this.#filling]!.count === 0;
  }

  /** Whether packets wait after a complete batch. */
  get hasFullBatch(): boolean {
    return this.#reading !== this.#filling && !(this.#isHandedOut && (this.#reading + 1) % BATCHES === this.#filling);
  }

  /** Copies `source[0, length)` as one packet, or drops it. */
  add(source: Uint8Array, length: number): void {
    let batch = this.#batches[this.#filling]!;
    if (batch.count === BATCH_CAPACITY || this.#filledBytes + length > BATCH_BYTES) {
      if (!this.#beginNext()) {
        this.counters.dropped++;
        return;
      }
      batch = this.#batches[this.#filling]!;
    }
    if (batch.bytes.length === 0) batch.bytes = new Uint8Array(BATCH_BYTES);
    const i = batch.count++;
    batch.bytes.set(source.subarray(0, length), this.#filledBytes);
    this.#clock.read(this.#time);
    batch.offsets[i] = this.#filledBytes;
    batch.capturedLengths[i] = length;
    batch.originalLengths[i] = length;
    batch.timesHigh[i] = this.#time.high;
    batch.timesLow[i] = this.#time.low;
    batch.frameNumbers[i] = ++this.counters.packets;
    this.#filledBytes += length;
    this.counters.bytes += length;
  }

  /** The oldest packets, or an empty batch; valid until the next call. */
  take(): PacketBatch {
    if (this.#isHandedOut) {
      this.#batches[this.#reading]!.count = 0;
      this.#reading = (this.#reading + 1) % BATCHES;
      this.#isHandedOut = false;
    }
    const batch = this.#batches[this.#reading]!;
    if (batch.count === 0) return batch;
    // The batch that is being read must not be filled.
    if (this.#reading === this.#filling && !this.#beginNext())
      throw new Error("a ring of one batch cannot be read and filled");
    this.#isHandedOut = true;
    return batch;
  }

  /** Moves to the next batch; false while it waits to be read or is being read. */
  #beginNext(): boolean {
    const next = (this.#filling + 1) % BATCHES;
    if (next === this.#reading) return false;
    this.#filling = next;
    this.#filledBytes = 0;
    return true;
  }
}
