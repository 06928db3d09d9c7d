import { create } from "@bufbuild/protobuf";
import { type IngestResponse, IngestResponseSchema } from "../../../generated/wireloom/v1/ingest_pb.js";
import { IngestLimits } from "../../ingest-limits.js";
import type { BatchRefusal, IngestBatch, IngestSession, RowGroupRefusal } from "../../store/ingest-store.js";
import { WireloomError } from "../../wireloom-error.js";
import { Liveness } from "./liveness.js";
import type { BytesReceived } from "./peer-activity.js";
import type { SessionRequest } from "./session-request.js";

/** Maximum of refusals that wait for a response, and of rows in one, whose field has 32 bits. */
const MAX_REFUSALS = 1000;
const MAX_ROWS = 0xffffffff;

/** Passes the requests of a stream to its session, and creates the responses. */
export class SessionStream {
  readonly #session: IngestSession;
  readonly #signal: AbortSignal;
  readonly #liveness: Liveness;
  /** Batches that are not committed yet. */
  readonly #pending = new Set<Promise<void>>();
  #committed: bigint;
  #refused: BatchRefusal[];
  #notice = "";
  #isSignDue = true;
  #isOver = false;
  #hasEnded = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(session: IngestSession, bytes: BytesReceived, signal: AbortSignal) {
    this.#session = session;
    this.#signal = signal;
    this.#committed = session.committedSequence;
    this.#refused = [...session.refusedBefore];
    this.#liveness = new Liveness(bytes, {
      onHeard: () => session.touch(),
      onSignDue: () => {
        this.#isSignDue = true;
        this.#wake();
      },
      onSilence: () => this.#endSilent(),
    });
    session.listen({
      onNotice: (text) => {
        this.#notice = text;
        this.#wake();
      },
      onFailure: (error) => this.#fail(error),
    });
  }

  /** Whether the agent has sent everything and reported that. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Yields a response at once, each time the committed sequence grows, and as a sign of life. Reading continues while earlier batches
   * wait for their commit, and pauses while the store is full. When a batch or the input fails, earlier batches are still
   * committed and acknowledged; then the failure is thrown.
   */
  async *respond(requests: AsyncIterable<SessionRequest>): AsyncIterable<IngestResponse> {
    let acknowledged = this.#committed;
    const wake = () => this.#wake();
    this.#signal.addEventListener("abort", wake);
    void this.#read(requests)
      .catch((error: unknown) => this.#fail(error))
      .then(() => Promise.all(this.#pending))
      .then(() => {
        this.#isOver = true;
        this.#wake();
      });
    try {
      while (true) {
        if (this.#committed > acknowledged || this.#isSignDue || this.#notice !== "") {
          acknowledged = this.#committed;
          yield this.#response();
        } else if (this.#failure !== undefined && this.#pending.size === 0) throw this.#failure.error;
        else if (this.#isOver || (this.#signal.aborted && this.#pending.size === 0)) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.#signal.removeEventListener("abort", wake);
      this.#liveness.stop();
    }
  }

  #response(): IngestResponse {
    const committed = this.#committed;
    const refused = this.#refused.filter(({ sequence }) => sequence <= committed);
    this.#refused = this.#refused.filter(({ sequence }) => sequence > committed);
    const notice = this.#notice;
    this.#notice = "";
    this.#isSignDue = false;
    this.#liveness.signed();
    return create(IngestResponseSchema, {
      committedSequence: committed,
      refused: refused.map(({ sequence, refusal }) => ({ sequence, ...refusal })),
      notice,
    });
  }

  async #read(requests: AsyncIterable<SessionRequest>): Promise<void> {
    const iterator = requests[Symbol.asyncIterator]();
    while (this.#failure === undefined && !this.#signal.aborted) {
      // Before the next request is read, because otherwise each stream would have one in memory.
      this.#liveness.isPaused = true;
      await this.#session.ready();
      this.#liveness.isPaused = false;
      const next = await iterator.next();
      if (next.done) return;
      this.#liveness.heard();
      const request = next.value;
      if (request.kind === "report") {
        this.#hasEnded = request.hasEnded;
        this.#session.report(request.counters, request.hasEnded);
      } else this.#append(request.batch);
    }
  }

  #append(batch: IngestBatch): void {
    const appended = this.#session.append(batch).then(
      (refusals) => {
        for (const refusal of refusals) this.#refuse(batch.sequence, refusal);
        if (batch.sequence > this.#committed) this.#committed = batch.sequence;
      },
      (error: unknown) => this.#fail(error),
    );
    this.#pending.add(appended);
    void appended.then(() => {
      this.#pending.delete(appended);
      this.#wake();
    });
  }

  /** Adds a refusal to the next response; where too many wait, those of one reason are joined. */
  #refuse(sequence: bigint, refusal: RowGroupRefusal): void {
    if (this.#refused.length < MAX_REFUSALS) {
      this.#refused.push({ sequence, refusal });
      return;
    }
    const i = this.#refused.findIndex(({ refusal: { code } }) => code === refusal.code);
    const at = i === -1 ? 0 : i;
    const { refusal: known } = this.#refused[at]!;
    const rows = Math.min(known.rows + refusal.rows, MAX_ROWS);
    this.#refused[at] = { sequence, refusal: { ...known, eventType: refusal.eventType, rows } };
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  /** Closes the session at once, because the response that reports it may never be read. */
  #endSilent(): void {
    this.#liveness.stop();
    this.#session.close();
    const seconds = Math.round(IngestLimits.silenceMs / 1000);
    this.#fail(new WireloomError("unavailable", `nothing was received from the agent for ${seconds} s`));
  }
}
