import { WireloomError } from "../wireloom-error.js";
import { findMalformed } from "./find-malformed.js";
import { GroupCommit, type GroupCommitLimits } from "./group-commit.js";
import { type QueuedBatch, QueuedSession, type SessionBatch } from "./queued-session.js";
import type { CommitListener, IngestSession, SessionIntroduction } from "./store.js";

/** What a database does for ingest; calls never overlap. */
export interface IngestBackend {
  /** Notes an agent and its session, new or known; returns the session's committed sequence. */
  recordSession(sessionId: string, introduction: SessionIntroduction, now: bigint): Promise<bigint>;
  /**
   * Stores batches and the sequences of their sessions in one transaction. Throws `malformed_segment`, with nothing
   * stored, when one of them cannot be read.
   */
  storeBatches(batches: readonly SessionBatch[], now: bigint): Promise<void>;
}

/**
 * Sessions of all agents in front of one database: keeps sequences in order, groups batches into transactions, and
 * keeps one agent's mistake from the others' rows.
 */
export class IngestSessions {
  readonly #backend: IngestBackend;
  readonly #commits: GroupCommit<QueuedBatch>;
  readonly #open = new Map<string, QueuedSession>();
  readonly #listeners = new Set<CommitListener>();
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(backend: IngestBackend, limits: GroupCommitLimits) {
    this.#backend = backend;
    this.#commits = new GroupCommit(limits, (items) => this.#exclusively(() => this.#commit(items)));
  }

  /** Opens a session; the one of the same id that is open elsewhere ends, and what it has queued is not stored. */
  async open(introduction: SessionIntroduction): Promise<IngestSession> {
    const sessionId = Buffer.from(introduction.sessionId).toString("hex");
    this.#open.get(sessionId)?.fail(new WireloomError("unavailable", "the session was opened anew on another stream"));
    const session = new QueuedSession(sessionId, introduction.agentId, this.#commits, () => {
      if (this.#open.get(sessionId) === session) this.#open.delete(sessionId);
    });
    this.#open.set(sessionId, session);
    await this.#exclusively(async () => {
      session.start(await this.#backend.recordSession(sessionId, introduction, now()));
    });
    return session;
  }

  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Commits all that is queued. */
  flush(): Promise<void> {
    return this.#commits.flush();
  }

  /** Runs one write after the other: the database has one writer, and its transactions would refuse each other. */
  #exclusively<Result>(write: () => Promise<Result>): Promise<Result> {
    const result = this.#lastWrite.then(write);
    this.#lastWrite = result.catch(() => undefined);
    return result;
  }

  /** Stores the batches and returns the refused ones with their errors. */
  async #commit(items: readonly QueuedBatch[]): Promise<Map<QueuedBatch, unknown>> {
    const refused = new Map<QueuedBatch, unknown>();
    let accepted = this.#withoutFailed(items, refused);
    try {
      await this.#store(accepted);
    } catch (error) {
      if (!(error instanceof WireloomError) || error.code !== "malformed_segment") {
        for (const { session } of accepted) session.fail(error);
        throw error;
      }
      for (const item of accepted) {
        const mistake = await findMalformed(item.batch);
        if (mistake !== undefined) item.session.failFrom(item.batch.sequence, mistake);
      }
      accepted = this.#withoutFailed(items, refused);
      await this.#store(accepted);
    }
    for (const { session, batch } of accepted) session.committedSequence = batch.sequence;
    if (this.#listeners.size > 0) {
      const committed = accepted.map(({ agentId, batch }) => ({ agentId, segments: batch.segments }));
      for (const listener of this.#listeners) listener(committed);
    }
    return refused;
  }

  #withoutFailed(items: readonly QueuedBatch[], refused: Map<QueuedBatch, unknown>): QueuedBatch[] {
    return items.filter((item) => {
      const error = item.session.errorOf(item.batch.sequence);
      if (error !== undefined) refused.set(item, error);
      return error === undefined;
    });
  }

  async #store(items: readonly QueuedBatch[]): Promise<void> {
    if (items.length > 0) await this.#backend.storeBatches(items, now());
  }
}

/** Nanoseconds since the Unix epoch. */
function now(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
