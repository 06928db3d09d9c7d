import { create } from "@bufbuild/protobuf";
import { type Batch, BatchSchema } from "../../generated/wireloom/v1/ingest_pb.js";
import { counterMessages } from "./counter-messages.js";
import type { SegmentInput } from "./cut-batch.js";

/** Batches that the collector has not committed yet, in order of their sequences, without gaps. */
export class BatchQueue {
  /** Bytes of rows in the queue. */
  bytes = 0;
  /** Sequence of the batch that was made last. */
  lastSequence = 0n;
  #batches: Batch[] = [];

  get length(): number {
    return this.#batches.length;
  }

  /** Rows in the queue. */
  get rows(): number {
    return this.#batches.reduce((sum, batch) => sum + rowsOf(batch), 0);
  }

  /** The oldest batch. */
  get first(): Batch | undefined {
    return this.#batches[0];
  }

  add(segments: readonly SegmentInput[], counters: ReadonlyMap<string, number>): void {
    const batch = create(BatchSchema, {
      sequence: ++this.lastSequence,
      segments: [...segments],
      counters: counterMessages(counters),
    });
    this.#batches.push(batch);
    this.bytes += bytesOf(batch);
  }

  /** Passes over a sequence whose batch the collector holds already. */
  skip(): void {
    this.lastSequence++;
  }

  /** The oldest batch with a sequence above this one. */
  after(sequence: bigint): Batch | undefined {
    const { first } = this;
    if (first === undefined) return undefined;
    return sequence < first.sequence ? first : this.#batches[Number(sequence - first.sequence) + 1];
  }

  /** Forgets the batches up to this sequence; returns how many there were. */
  acknowledge(sequence: bigint): number {
    let count = 0;
    while (count < this.#batches.length && this.#batches[count]!.sequence <= sequence) {
      this.bytes -= bytesOf(this.#batches[count]!);
      count++;
    }
    this.#batches.splice(0, count);
    return count;
  }

  /** Takes the rows out of the oldest batch, which stays in the queue with its sequence; returns them. */
  emptyFirst(): readonly SegmentInput[] {
    const { first } = this;
    if (first === undefined) return [];
    this.bytes -= bytesOf(first);
    this.#batches[0] = create(BatchSchema, { sequence: first.sequence, counters: first.counters });
    return first.segments;
  }

  /** Numbers the batches from 1 on, for another session. */
  renumber(): void {
    this.lastSequence = 0n;
    for (const batch of this.#batches) batch.sequence = ++this.lastSequence;
  }
}

function bytesOf(batch: Batch): number {
  return batch.segments.reduce((sum, { rows }) => sum + rows.length, 0);
}

function rowsOf(batch: Batch): number {
  return batch.segments.reduce((sum, { count }) => sum + count, 0);
}
