import { IngestLimits } from "../ingest-limits.js";
import type { SequencedBatch } from "./batch-queue.js";
import type { SessionOpening, SessionReport, SessionResponse, Transport, TransportSession } from "./transport.js";
import { TransportError } from "./transport-error.js";
import type { Wakeup } from "./wakeup.js";

/** What a connection needs from its uplink. */
export interface ConnectionHost {
  readonly transport: Transport;
  readonly opening: Omit<SessionOpening, "signal">;
  /** Notified when there may be another batch, and when {@link isClosing} has become true. */
  readonly wakeup: Wakeup;
  readonly isClosing: boolean;
  /** The next batch to send after the one of this sequence; undefined while there is none. */
  nextBatch(after: bigint): Promise<SequencedBatch | undefined>;
  report(): SessionReport;
  /** Takes a response; the first one is what the collector has of the session. */
  receive(response: SessionResponse, isFirst: boolean): Promise<void>;
}

/** One session of a transport: sends batches and reports as they come, until either side ends it. */
export class UplinkConnection {
  /** The collector has opened the session. */
  isOpen = false;
  /** Sequence of the batch that was sent last; 0 for none. */
  sentSequence = 0n;
  readonly #host: ConnectionHost;
  readonly #abort = new AbortController();
  #isReportDue = true;

  constructor(host: ConnectionHost) {
    this.#host = host;
  }

  /** Runs until the session ends; rejects with a `TransportError` unless it ended after the host began to close. */
  async run(): Promise<void> {
    const { transport, opening } = this.#host;
    const reports = setInterval(() => this.#dueReport(), IngestLimits.reportIntervalMs);
    try {
      const session = await transport.open({ ...opening, signal: this.#abort.signal });
      await this.#receiveAll(session);
      if (!this.#host.isClosing) throw new TransportError("unavailable", "the collector ended the stream");
    } finally {
      clearInterval(reports);
      this.abort("the connection is over");
    }
  }

  /** Breaks the connection off. */
  abort(reason: string): void {
    if (!this.#abort.signal.aborted) this.#abort.abort(new TransportError("unavailable", reason));
    this.#host.wakeup.notify();
  }

  async #receiveAll(session: TransportSession): Promise<void> {
    for await (const response of session.responses) {
      const isFirst = !this.isOpen;
      this.isOpen = true;
      await this.#host.receive(response, isFirst);
      if (isFirst) void this.#sendAll(session).catch((error: unknown) => this.#abort.abort(TransportError.from(error)));
    }
  }

  #dueReport(): void {
    this.#isReportDue = true;
    this.#host.wakeup.notify();
  }

  async #sendAll(session: TransportSession): Promise<void> {
    const host = this.#host;
    while (!this.#abort.signal.aborted) {
      if (this.#isReportDue) {
        this.#isReportDue = false;
        await session.report(host.report());
        continue;
      }
      // A batch that is added while the queue is read must not be missed.
      const changed = host.wakeup.promise;
      const batch = await host.nextBatch(this.sentSequence);
      if (batch !== undefined) {
        this.sentSequence = batch.sequence;
        await session.send(batch);
      } else if (host.isClosing) {
        await session.report(host.report());
        session.close();
        return;
      } else if (!this.#isReportDue) await changed;
    }
  }
}
