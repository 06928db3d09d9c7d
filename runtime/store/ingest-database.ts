import type { AgentFacts } from "./live-agents.js";
import type { SessionBatch } from "./queued-session.js";

/** A session as the database has it. */
export interface StoredSession {
  readonly agentId: string;
  readonly committedSequence: bigint;
}

/** How many agents and sessions a database has. */
export interface StoredCounts {
  readonly agentIds: readonly string[];
  readonly sessions: number;
}

/** What is stored in one transaction. */
export interface IngestWrite {
  /** In the order in which they came; those of one session in the order of their sequences. */
  readonly batches: readonly SessionBatch[];
  /** The agents of the batches, and others with unwritten changes. */
  readonly agents: readonly AgentFacts[];
  /** How many sessions to delete: the least recently used ones of the agents with most sessions, none of `openSessions`. */
  readonly forgetSessions: number;
  readonly openSessions: readonly string[];
  /** Nanoseconds since the Unix epoch. */
  readonly now: bigint;
}

/** What a database does for ingest; calls never overlap. Session ids are 32 hexadecimal digits. */
export interface IngestDatabase {
  counts(): Promise<StoredCounts>;
  findSession(sessionId: string): Promise<StoredSession | undefined>;
  /** Stores all of it or nothing. Throws `malformed_row_group` when a row group cannot be read. */
  store(write: IngestWrite): Promise<void>;
}
