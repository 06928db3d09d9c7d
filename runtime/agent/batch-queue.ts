import type { RowGroupInput } from "./batch-sink.js";

/** A batch with its place in the session. */
export interface SequencedBatch {
  /** From 1, without gaps. */
  readonly sequence: bigint;
  /** Empty where the batch was refused: the collector still expects its sequence. */
  readonly rowGroups: readonly RowGroupInput[];
  /** The agent's counters as they stood when the batch was made. */
  readonly counters: ReadonlyMap<string, number>;
}

/**
 * An agent's session: its id, the sequence of its batches, and the batches that the collector has not committed yet, in order and without
 * gaps. It does not send them. {@link MemoryQueue} keeps them in memory; one on disk would survive the process.
 *
 * Each batch is stored exactly once: it gets its sequence from {@link add}, stays here until {@link acknowledge}, and is read again with
 * {@link after} on every new connection, which begins at the sequence that the collector reports to have committed.
 *
 * ```ts
 * await queue.add(rowGroups, counters);
 * if (!(await queue.resume(committedByCollector))) await queue.restart();
 * for (let sent = 0n, batch; (batch = await queue.after(sent)) !== undefined; sent = batch.sequence) await send(batch);
 * await queue.acknowledge(committedByCollector);
 * ```
 */
export interface BatchQueue {
  /** 16 bytes that name the session; others after {@link restart}. */
  readonly sessionId: Uint8Array;
  /** Sequence of the batch that was added last; 0 for none. */
  readonly lastSequence: bigint;
  /** Highest sequence that the collector has committed in this session; undefined before it was asked first. */
  readonly committedSequence: bigint | undefined;
  /** Batches of this session that the collector had committed before this queue was resumed first. */
  readonly storedBefore: bigint;
  /** Batches in the queue. */
  readonly length: number;
  /** Rows in the queue. */
  readonly rows: number;
  /** The oldest batch's sequence; the next one's where the queue is empty. */
  readonly firstSequence: bigint;
  /** Bytes of rows that wait before {@link isFull}. */
  readonly maxBytes: number;
  /** More bytes wait than {@link maxBytes}. Whoever adds waits until it is false; {@link add} does not. */
  readonly isFull: boolean;
  /**
   * Gives a batch the next sequence and keeps it. One that the collector has committed already, in an earlier run of the same input, is
   * only counted. Rejects where the batch cannot be kept.
   */
  add(rowGroups: readonly RowGroupInput[], counters: ReadonlyMap<string, number>): Promise<void>;
  /** The oldest batch with a sequence above this one; undefined where there is none. */
  after(sequence: bigint): Promise<SequencedBatch | undefined>;
  /**
   * Continues the session from what the collector has of it. Returns false and changes nothing where the collector lacks batches that it
   * acknowledged before: the queue has dropped them, so the session cannot continue on this collector.
   */
  resume(committed: bigint): Promise<boolean>;
  /** Drops the batches up to this sequence, which the collector has committed; resolves with their number. */
  acknowledge(committed: bigint): Promise<number>;
  /** Removes the rows of the oldest batch, which stays in the queue with its sequence; resolves with the removed row groups, for counters. */
  emptyFirst(): Promise<readonly RowGroupInput[]>;
  /** Starts a new session with a random id, in which the queued batches are numbered from 1. */
  restart(): Promise<void>;
}
