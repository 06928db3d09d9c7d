import type { BatchRefusal, RowGroupRefusal } from "./ingest-store.js";

/** Refusals that are kept of one session, and of all of them. */
const MAX_SESSION_REFUSALS = 1000;
const MAX_REFUSALS = 10_000;

/**
 * Refused row groups of the latest batches of each session, for an agent whose connection was lost before it received the refusals: it
 * opens the session again with the last sequence that it received. The oldest are dropped first, in a session and in all.
 */
export class RefusalLog {
  /** By session; the one with the latest refusal is the last. */
  readonly #bySession = new Map<string, BatchRefusal[]>();
  #count = 0;

  /** Notes what was refused of a batch that is committed. */
  add(sessionId: string, sequence: bigint, refusals: readonly RowGroupRefusal[]): void {
    if (refusals.length === 0) return;
    const before = this.#bySession.get(sessionId) ?? [];
    const kept = [...before, ...refusals.map((refusal) => ({ sequence, refusal }))].slice(-MAX_SESSION_REFUSALS);
    this.#replace(sessionId, kept);
    for (const oldest of this.#bySession.keys()) {
      if (this.#count <= MAX_REFUSALS) return;
      this.forget(oldest);
    }
  }

  /** What was refused of batches after this one; what was before them is forgotten. */
  after(sessionId: string, sequence: bigint): readonly BatchRefusal[] {
    const known = this.#bySession.get(sessionId);
    if (known === undefined) return [];
    const later = known.filter((refusal) => refusal.sequence > sequence);
    this.#replace(sessionId, later);
    return later;
  }

  /** The session is complete. */
  forget(sessionId: string): void {
    this.#replace(sessionId, []);
  }

  #replace(sessionId: string, refusals: BatchRefusal[]): void {
    this.#count += refusals.length - (this.#bySession.get(sessionId)?.length ?? 0);
    this.#bySession.delete(sessionId);
    if (refusals.length > 0) this.#bySession.set(sessionId, refusals);
  }
}
