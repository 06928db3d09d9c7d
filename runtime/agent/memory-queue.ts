import { randomBytes } from "node:crypto";
import type { BatchQueue, SequencedBatch } from "./batch-queue.js";
import type { RowGroupInput } from "./batch-sink.js";

/** A {@link BatchQueue} in memory: what waits is lost with the process. Its promises are resolved already and never reject. */
export class MemoryQueue implements BatchQueue {
  readonly maxBytes: number;
  #sessionId: Uint8Array;
  #lastSequence = 0n;
  #committed: bigint | undefined;
  #storedBefore = 0n;
  #bytes = 0;
  #batches: SequencedBatch[] = [];

  /** `sessionId` has 16 bytes; random where absent. */
  constructor(maxBytes: number, sessionId: Uint8Array = randomBytes(16)) {
    this.maxBytes = maxBytes;
    this.#sessionId = sessionId;
  }

  get sessionId(): Uint8Array {
    return this.#sessionId;
  }

  get lastSequence(): bigint {
    return this.#lastSequence;
  }

  get committedSequence(): bigint | undefined {
    return this.#committed;
  }

  get storedBefore(): bigint {
    return this.#storedBefore;
  }

  get length(): number {
    return this.#batches.length;
  }

  get rows(): number {
    return this.#batches.reduce((sum, batch) => sum + rowsOf(batch), 0);
  }

  get firstSequence(): bigint {
    return this.#batches[0]?.sequence ?? this.#lastSequence + 1n;
  }

  get isFull(): boolean {
    return this.#bytes > this.maxBytes;
  }

  async add(rowGroups: readonly RowGroupInput[], counters: ReadonlyMap<string, number>): Promise<void> {
    const sequence = ++this.#lastSequence;
    if (this.#committed !== undefined && sequence <= this.#committed) return;
    const batch = { sequence, rowGroups, counters };
    this.#batches.push(batch);
    this.#bytes += bytesOf(batch);
  }

  async after(sequence: bigint): Promise<SequencedBatch | undefined> {
    const index = Number(sequence - this.firstSequence) + 1;
    return this.#batches[Math.max(0, index)];
  }

  async resume(committed: bigint): Promise<boolean> {
    if (this.#committed === undefined) this.#storedBefore = committed;
    else if (committed < this.firstSequence - 1n) return false;
    // It may be less than before: what this run has not skipped yet must then be sent.
    this.#committed = committed;
    return true;
  }

  async acknowledge(committed: bigint): Promise<number> {
    if (this.#committed === undefined || committed > this.#committed) this.#committed = committed;
    let count = 0;
    while (count < this.#batches.length && this.#batches[count]!.sequence <= committed) {
      this.#bytes -= bytesOf(this.#batches[count]!);
      count++;
    }
    this.#batches.splice(0, count);
    return count;
  }

  async emptyFirst(): Promise<readonly RowGroupInput[]> {
    const first = this.#batches[0];
    if (first === undefined) return [];
    this.#bytes -= bytesOf(first);
    this.#batches[0] = { ...first, rowGroups: [] };
    return first.rowGroups;
  }

  async restart(): Promise<void> {
    this.#sessionId = randomBytes(16);
    this.#batches = this.#batches.map((batch, i) => ({ ...batch, sequence: BigInt(i + 1) }));
    this.#lastSequence = BigInt(this.#batches.length);
    this.#committed = 0n;
  }
}

function bytesOf({ rowGroups }: SequencedBatch): number {
  return rowGroups.reduce((sum, { rows }) => sum + rows.length, 0);
}

function rowsOf({ rowGroups }: SequencedBatch): number {
  return rowGroups.reduce((sum, { count }) => sum + count, 0);
}
