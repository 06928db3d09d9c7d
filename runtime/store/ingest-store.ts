import type { CollectedEvent } from "../plugin/plugin.js";
import type { WireloomError } from "../wireloom-error.js";

/** The side of a store that takes rows from agents. */
export interface IngestStore {
  /**
   * Opens an agent's session; a session of the same id that is open elsewhere ends there. Nothing is written before the first batch or
   * report. Rejects with `permission_denied` when the session is another agent's, with `already_exists` when another session of the
   * agent is open, and with `resource_exhausted` when there are too many agents.
   */
  openSession(introduction: SessionIntroduction): Promise<IngestSession>;
  /** Calls back after each commit; the returned function ends that. The listener must not throw. */
  onCommit(listener: CommitListener): () => void;
  /** Whether rows can be stored now, as far as the last attempt shows. */
  health(): Promise<StoreHealth>;
  /** Calls back when the store works again after it did not; the returned function ends that. The listener must not throw. */
  onRecovery(listener: () => void): () => void;
}

/** Whether a store takes rows, or why not. */
export type StoreHealth = { readonly isWorking: true } | { readonly isWorking: false; readonly error: WireloomError };

/** What an agent says of itself when its session opens. */
export interface SessionIntroduction {
  /** Name of the observation point, 1 to 255 bytes. */
  readonly agentId: string;
  /** 16 bytes. */
  readonly sessionId: Uint8Array;
  readonly hostname: string;
  readonly version: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Bytes of rows that the agent sends at most before it waits for an acknowledgement; 0 where it is not known. */
  readonly windowBytes?: number;
  /** Highest sequence whose acknowledgement the agent received; absent where it does not say. */
  readonly acknowledgedSequence?: bigint;
}

/** An open session: takes batches in order and reports when each is durable. */
export interface IngestSession {
  /** Highest sequence that is durable in the database. */
  readonly committedSequence: bigint;
  /** Refused row groups of batches whose acknowledgement the agent did not receive, as far as they are remembered. */
  readonly refusedBefore: readonly BatchRefusal[];
  /** Resolves when the store has room for another batch of this agent. */
  ready(): Promise<void>;
  /**
   * Queues a batch and resolves when it is durable, with the row groups that were left out because they cannot be stored. A batch whose
   * sequence the session holds already is not stored again. Rejects with `invalid_argument` on a gap in the sequence and with
   * `store_failed` where the database fails.
   */
  append(batch: IngestBatch): Promise<readonly RowGroupRefusal[]>;
  /** Notes the agent's counters as they stand now, and whether it ends the session. */
  report(counters: ReadonlyMap<string, bigint>, hasEnded: boolean): void;
  /** Notes that something was received from the agent. */
  touch(): void;
  /** Sets the listener for events of the session. */
  listen(listener: SessionListener): void;
  /** Ends the session's use; what it queued is still committed. */
  close(): void;
}

/** Listener for events of a session. */
export interface SessionListener {
  /** A message for the agent's operator. */
  onNotice(text: string): void;
  /** The session takes no more batches: it was opened again on another stream, or the database failed. */
  onFailure(error: unknown): void;
}

/** A unit of rows with a sequence, which are committed in one transaction. */
export interface IngestBatch {
  readonly sequence: bigint;
  readonly rowGroups: readonly RowGroup[];
  /** Row groups that are known not to be storable. */
  readonly refused?: readonly RowGroupRefusal[];
  /** The agent's counters as they stand at this batch. */
  readonly counters: ReadonlyMap<string, bigint>;
}

/** Why a row group is not stored; `ingest.proto` explains the codes. */
export type RefusalCode = "malformed_row_group" | "unknown_event" | "too_many_rows";

/** A row group that is not stored. */
export interface RowGroupRefusal {
  readonly eventType: string;
  /** As the agent counted them. */
  readonly rows: number;
  readonly code: RefusalCode;
  readonly message: string;
}

/** A refused row group and the batch that it was in. */
export interface BatchRefusal {
  readonly sequence: bigint;
  readonly refusal: RowGroupRefusal;
}

/** Rows of one event: `count` of them in `rows`, the wire form of `repeated Event rows = 1`. */
export interface RowGroup {
  readonly event: CollectedEvent;
  readonly count: number;
  readonly rows: Uint8Array;
}

/** Listener for committed batches, with the agent that sent each. */
export type CommitListener = (batches: readonly CommittedBatch[]) => void;

export interface CommittedBatch {
  readonly agentId: string;
  readonly rowGroups: readonly RowGroup[];
}
