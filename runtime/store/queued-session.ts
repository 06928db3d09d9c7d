import { WireloomError } from "../wireloom-error.js";
import { checkRowGroups } from "./check-row-groups.js";
import { findMalformed } from "./find-malformed.js";
import type { GroupCommit } from "./group-commit.js";
import type { BatchRefusal, IngestBatch, IngestSession, RowGroupRefusal, SessionListener } from "./ingest-store.js";
import type { LiveAgent } from "./live-agents.js";

/** A batch with the session that sent it, as the database takes it. */
export interface SessionBatch {
  readonly sessionId: string;
  readonly agentId: string;
  readonly batch: IngestBatch;
}

/** Upper bound of a batch's memory beside its rows, counted so that batches without rows do not fill the memory. */
const BATCH_BYTES = 2048;
const ROW_GROUP_BYTES = 256;
const REFUSAL_BYTES = 1024;
const COUNTER_BYTES = 512;

/** A batch on its way into the database. */
export class QueuedBatch implements SessionBatch {
  readonly session: QueuedSession;
  /** With the row groups that are to be stored. */
  batch: IngestBatch;
  readonly byteCount: number;
  readonly rowCount: number;
  /** Row groups that are not stored. */
  readonly refused: RowGroupRefusal[];

  constructor(session: QueuedSession, batch: IngestBatch) {
    const { rowGroups, refused, rowCount } = checkRowGroups(batch.rowGroups);
    this.session = session;
    this.batch = { sequence: batch.sequence, rowGroups, counters: batch.counters };
    this.refused = [...(batch.refused ?? []), ...refused];
    this.rowCount = rowCount;
    this.byteCount =
      BATCH_BYTES +
      this.refused.length * REFUSAL_BYTES +
      batch.counters.size * COUNTER_BYTES +
      rowGroups.reduce((sum, rowGroup) => sum + ROW_GROUP_BYTES + rowGroup.rows.length, 0);
  }

  get sessionId(): string {
    return this.session.id;
  }

  get agentId(): string {
    return this.session.agentId;
  }

  /** Bytes of rows that the sender sends at most before it waits for an acknowledgement; 0 where it is not known. */
  get windowBytes(): number {
    return this.session.windowBytes;
  }

  /** Reads every row group whole, and refuses those that cannot be read; true where there was one. */
  async refuseMalformed(): Promise<boolean> {
    const { rowGroups } = this.batch;
    const malformed = await findMalformed(rowGroups);
    if (malformed.size === 0) return false;
    this.refused.push(...malformed.values());
    this.batch = { ...this.batch, rowGroups: rowGroups.filter((rowGroup) => !malformed.has(rowGroup)) };
    return true;
  }
}

/** An {@link IngestSession} whose batches wait in a {@link GroupCommit}. */
export class QueuedSession implements IngestSession {
  committedSequence = 0n;
  refusedBefore: readonly BatchRefusal[] = [];
  /** The agent said that the session is complete. */
  hasEnded = false;
  /** The database has the session. */
  isStored = false;
  /** Batches that are queued or being committed. */
  queuedCount = 0;
  /** True once it sent a row group that cannot be read: its batches are then read whole before they join a transaction with others. */
  isSuspect = false;
  readonly id: string;
  readonly agent: LiveAgent;
  readonly windowBytes: number;
  readonly #queue: GroupCommit<QueuedBatch>;
  readonly #onIdle: (session: QueuedSession) => void;
  #queuedSequence = 0n;
  #lastAppend: Promise<readonly RowGroupRefusal[]> = Promise.resolve([]);
  #error: unknown;
  #isClosed = false;
  #listener: SessionListener | undefined;

  /** `onIdle` is called once the session is closed and nothing of it is queued. */
  constructor(
    id: string,
    agent: LiveAgent,
    windowBytes: number,
    queue: GroupCommit<QueuedBatch>,
    onIdle: (session: QueuedSession) => void,
  ) {
    this.id = id;
    this.agent = agent;
    this.windowBytes = windowBytes;
    this.#queue = queue;
    this.#onIdle = onIdle;
  }

  get agentId(): string {
    return this.agent.id;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sets the sequence that the database holds; undefined where it does not have the session. */
  start(committedSequence: bigint | undefined): void {
    this.isStored = committedSequence !== undefined;
    this.committedSequence = committedSequence ?? 0n;
    this.#queuedSequence = this.committedSequence;
  }

  /** Refuses every batch that is not committed yet; only the first failure is kept. */
  fail(error: unknown): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#listener?.onFailure(error);
  }

  /** Why batches of this session are refused; undefined where they are not. */
  get error(): unknown {
    return this.#error;
  }

  /** Passes a message on to the agent. */
  notify(text: string): void {
    this.#listener?.onNotice(text);
  }

  ready(): Promise<void> {
    return this.#queue.ready(this.agentId);
  }

  async append(batch: IngestBatch): Promise<readonly RowGroupRefusal[]> {
    const { sequence } = batch;
    if (this.#isClosed) throw new WireloomError("unavailable", "the session is closed");
    if (this.#error !== undefined) throw this.#error;
    if (sequence <= this.committedSequence) return [];
    // Its refusals are reported on the stream that sent it first.
    if (sequence <= this.#queuedSequence) return this.#lastAppend.then(() => []);
    if (sequence !== this.#queuedSequence + 1n) {
      throw new WireloomError(
        "invalid_argument",
        `batch ${sequence} follows batch ${this.#queuedSequence}; send every batch in order`,
      );
    }
    this.#queuedSequence = sequence;
    this.queuedCount++;
    this.#lastAppend = this.#add(new QueuedBatch(this, batch), this.#lastAppend);
    if (batch.counters.size > 0) this.agent.report(batch.counters, false);
    return this.#lastAppend;
  }

  report(counters: ReadonlyMap<string, bigint>, hasEnded: boolean): void {
    if (this.#isClosed) return;
    this.hasEnded = hasEnded;
    this.agent.report(counters, hasEnded);
  }

  touch(): void {
    if (!this.#isClosed) this.agent.touch();
  }

  listen(listener: SessionListener): void {
    this.#listener = listener;
    if (this.#error !== undefined) listener.onFailure(this.#error);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.agent.leave(this);
    if (this.queuedCount === 0) this.#onIdle(this);
  }

  /** Queues a batch after those before it. */
  async #add(item: QueuedBatch, before: Promise<unknown>): Promise<readonly RowGroupRefusal[]> {
    try {
      if (this.isSuspect) {
        await item.refuseMalformed();
        await before.catch(() => undefined);
      }
      await this.#queue.add(item);
      return item.refused;
    } finally {
      this.queuedCount--;
      if (this.#isClosed && this.queuedCount === 0) this.#onIdle(this);
    }
  }
}
