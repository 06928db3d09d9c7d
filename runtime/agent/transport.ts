import type { SequencedBatch } from "./batch-queue.js";

/**
 * Carries batches to a collector. It neither keeps nor repeats anything: `Uplink` opens another session after a lost one, and sends what is
 * not committed again. `openExchange` makes a session of any way to exchange the messages of `ingest.proto`.
 *
 * ```ts
 * const session = await transport.open({ agentId: "probe", sessionId, signal, ... });
 * await session.send({ sequence: 1n, rowGroups, counters: new Map() });
 * for await (const { committedSequence } of session.responses) if (committedSequence >= 1n) break;
 * ```
 */
export interface Transport {
  /** What messages call the collector, such as `the collector at http://127.0.0.1:4870`. */
  readonly collector: string;
  /**
   * Opens a session, or continues the one of the same id. Resolves when the collector has accepted it; rejects with a `TransportError`:
   * `already_exists` while another session of the agent is open, `permission_denied` where the session is another agent's,
   * `invalid_argument` on an introduction that the collector does not take, `resource_exhausted` where it has too many agents,
   * `unavailable` where it cannot be reached. When `signal` aborts first, it rejects with the signal's reason.
   *
   * ```ts
   * const ending = new AbortController();
   * const session = await transport.open({ ...introduction, signal: ending.signal });
   * ```
   */
  open(session: SessionOpening): Promise<TransportSession>;
}

/** What an agent opens a session with; `SessionOpen` in `ingest.proto` has the bounds of each. */
export interface SessionOpening {
  readonly agentId: string;
  /** 16 bytes. */
  readonly sessionId: Uint8Array;
  readonly hostname: string;
  readonly version: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Bytes of rows that are sent at most before an acknowledgement. */
  readonly windowBytes: number;
  /** Highest sequence whose acknowledgement was received in this session; 0 for none. */
  readonly acknowledgedSequence: bigint;
  /** Breaks the session off at any time, without waiting for the collector. Its reason is a `TransportError`. */
  readonly signal: AbortSignal;
}

/** An open session. It is over when {@link responses} ends or throws; everything else then rejects. */
export interface TransportSession {
  /**
   * What the collector responds: at once what it has of the session, and later whenever batches are committed, with refusals and notices.
   * Read it once and without delay. Ends when the collector has ended the session, as it does after {@link close}; throws a
   * `TransportError` when the session is lost, such as `unavailable` when it was opened again elsewhere or the path is dead. Leaving the
   * loop aborts the session.
   *
   * ```ts
   * for await (const { committedSequence, refused, notice } of session.responses) await queue.acknowledge(committedSequence);
   * ```
   */
  readonly responses: AsyncIterable<SessionResponse>;
  /**
   * Sends a batch. Resolves when there is room for the next one, not when it is committed: this wait keeps a slow collector from filling
   * the memory of this process. One send or report at a time. Rejects with the error that the session is lost with.
   *
   * ```ts
   * for (const batch of batches) await session.send(batch);
   * ```
   */
  send(batch: SequencedBatch): Promise<void>;
  /**
   * Sends the agent's counters without rows, which also shows that it lives: due every `IngestLimits.reportIntervalMs`. Resolves and rejects
   * as {@link send}.
   *
   * ```ts
   * await session.report({ counters: new Map([["capture.packets", 7]]), hasEnded: true });
   * session.close();
   * ```
   */
  report(report: SessionReport): Promise<void>;
  /**
   * Sends nothing more. What was sent is still committed and acknowledged in {@link responses}, which then ends. Never throws, and may be
   * called again.
   */
  close(): void;
}

/** What an agent says of itself without rows. */
export interface SessionReport {
  readonly counters: ReadonlyMap<string, number>;
  /** The session is complete: every batch is acknowledged, and none follows. */
  readonly hasEnded: boolean;
}

/** What a collector responds in a session. */
export interface SessionResponse {
  /** Highest sequence that is durable. */
  readonly committedSequence: bigint;
  /** Row groups that were left out of the batches which this response acknowledges. */
  readonly refused: readonly RefusedRowGroup[];
  /** A message for the agent's operator; empty for none. */
  readonly notice: string;
}

/** Rows that are not stored, and will not be when they are sent again. */
export interface RefusedRowGroup {
  readonly eventType: string;
  readonly rows: number;
  /** Such as `malformed_row_group`; `Refusal` in `ingest.proto` has them all. */
  readonly code: string;
  readonly message: string;
}
