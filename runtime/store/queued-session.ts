import type { CollectedEvent } from "../plugin/plugin.js";
import { WireloomError } from "../wireloom-error.js";
import { countRows } from "./count-rows.js";
import { unreadableSegment } from "./find-malformed.js";
import type { GroupCommit } from "./group-commit.js";
import type { IngestBatch, IngestSession } from "./store.js";

/** A batch with the session that sent it. */
export interface SessionBatch {
  readonly sessionId: string;
  readonly agentId: string;
  readonly batch: IngestBatch;
}

/** A batch on its way into the database. */
export interface QueuedBatch extends SessionBatch {
  readonly session: QueuedSession;
  readonly rowCount: number;
  readonly byteCount: number;
}

/** An {@link IngestSession} whose batches wait in a {@link GroupCommit}. */
export class QueuedSession implements IngestSession {
  committedSequence = 0n;
  readonly #id: string;
  readonly #agentId: string;
  readonly #commits: GroupCommit<QueuedBatch>;
  readonly #onClose: () => void;
  #queuedSequence = 0n;
  #lastAppend: Promise<void> = Promise.resolve();
  #error: unknown;
  #failedSequence = 0n;

  constructor(id: string, agentId: string, commits: GroupCommit<QueuedBatch>, onClose: () => void) {
    this.#id = id;
    this.#agentId = agentId;
    this.#commits = commits;
    this.#onClose = onClose;
  }

  /** Sets the sequence that the database holds. */
  start(committedSequence: bigint): void {
    this.committedSequence = committedSequence;
    this.#queuedSequence = committedSequence;
  }

  /** Refuses every batch that is not committed yet. */
  fail(error: unknown): void {
    this.failFrom(0n, error);
  }

  /** Refuses the batch of this sequence and every later one; the first failure counts. */
  failFrom(sequence: bigint, error: unknown): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#failedSequence = sequence;
  }

  /** Why the batch of this sequence is refused; undefined where it is not. */
  errorOf(sequence: bigint): unknown {
    return sequence >= this.#failedSequence ? this.#error : undefined;
  }

  ready(): Promise<void> {
    return this.#commits.ready();
  }

  async append(batch: IngestBatch): Promise<void> {
    const { sequence } = batch;
    if (this.#error !== undefined) throw this.#error;
    if (sequence <= this.committedSequence) return;
    if (sequence <= this.#queuedSequence) return this.#lastAppend;
    if (sequence !== this.#queuedSequence + 1n) {
      throw new WireloomError(
        "invalid_argument",
        `batch ${sequence} follows batch ${this.#queuedSequence}; send every batch in order`,
      );
    }
    const item: QueuedBatch = {
      session: this,
      sessionId: this.#id,
      agentId: this.#agentId,
      batch,
      rowCount: checkedRowCount(batch),
      byteCount: batch.segments.reduce((sum, segment) => sum + segment.rows.length, 0),
    };
    this.#queuedSequence = sequence;
    this.#lastAppend = this.#commits.add(item);
    return this.#lastAppend;
  }

  close(): void {
    this.#onClose();
  }
}

/** Rows of the batch; throws `malformed_segment` where a segment holds more or fewer than it says. */
function checkedRowCount(batch: IngestBatch): number {
  let rowCount = 0;
  for (const { event, count, rows } of batch.segments) {
    const found = countedRows(batch, event, rows);
    if (found !== count) {
      throw new WireloomError(
        "malformed_segment",
        `batch ${batch.sequence}: a segment of ${event.table.eventType} says ${count} rows and holds ${found}`,
      );
    }
    rowCount += count;
  }
  return rowCount;
}

function countedRows(batch: IngestBatch, event: CollectedEvent, rows: Uint8Array): number {
  try {
    return countRows(rows);
  } catch (error) {
    throw error instanceof WireloomError ? unreadableSegment(batch, event, error) : error;
  }
}
