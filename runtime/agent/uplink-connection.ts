import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import {
  type Batch,
  type IngestRequest,
  IngestRequestSchema,
  type IngestResponse,
  IngestService,
  type Report,
  type SessionOpenSchema,
} from "../../generated/wireloom/v1/ingest_pb.js";
import { IngestLimits } from "../ingest-limits.js";
import { LOOK_MS, PeerSilence } from "../peer-silence.js";
import { CollectorSession, type UplinkTls } from "./collector-session.js";
import type { Wakeup } from "./wakeup.js";

/** What a connection asks of its uplink. */
export interface ConnectionHost {
  readonly url: string;
  readonly tls: UplinkTls | undefined;
  readonly open: MessageInitShape<typeof SessionOpenSchema>;
  /** Notified when there may be another batch, and when {@link isClosing} has become true. */
  readonly wakeup: Wakeup;
  readonly isClosing: boolean;
  /** The next batch to send after the one of this sequence; undefined while there is none. */
  nextBatch(after: bigint): Batch | undefined;
  report(): Report;
  /** Takes a response; the first one opens the session. */
  receive(response: IngestResponse, isFirst: boolean): void;
}

/** One connection to the collector: opens the session, sends batches and reports, and ends when either side is silent for too long. */
export class UplinkConnection {
  /** The collector has opened the session. */
  isOpen = false;
  /** Sequence of the batch that was sent last; 0 for none. */
  sentSequence = 0n;
  readonly #host: ConnectionHost;
  readonly #abort = new AbortController();
  #isReportDue = true;
  readonly #silence = new PeerSilence(performance.now());

  constructor(host: ConnectionHost) {
    this.#host = host;
  }

  /** Runs until the stream ends; rejects unless it ended after the host began to close. */
  async run(): Promise<void> {
    const host = this.#host;
    // A session of its own: one that is dead, or that never came about, must not be waited for by the next connection.
    const session = new CollectorSession(host.url, host.tls);
    const transport = createConnectTransport({ baseUrl: host.url, httpVersion: "2", sessionManager: session });
    const reports = setInterval(() => this.#dueReport(), IngestLimits.reportIntervalMs);
    const looks = setInterval(() => this.#look(), LOOK_MS);
    try {
      const responses = createClient(IngestService, transport).ingest(this.#requests(), { signal: this.#abort.signal });
      await this.#untilAborted(this.#receiveAll(responses));
      if (!host.isClosing) throw new ConnectError("the collector ended the stream", Code.Unavailable);
    } catch (error) {
      throw this.isOpen || this.#abort.signal.aborted ? error : (session.failure ?? error);
    } finally {
      clearInterval(reports);
      clearInterval(looks);
      this.abort("the connection is over");
      session.destroy();
    }
  }

  /** Breaks the connection off. */
  abort(reason: string): void {
    if (!this.#abort.signal.aborted) this.#abort.abort(new ConnectError(reason, Code.Unavailable));
    this.#host.wakeup.notify();
  }

  async #receiveAll(responses: AsyncIterable<IngestResponse>): Promise<void> {
    for await (const response of responses) {
      if (this.#abort.signal.aborted) return;
      this.#silence.heard(performance.now());
      const isFirst = !this.isOpen;
      this.isOpen = true;
      this.#host.receive(response, isFirst);
      if (isFirst) this.#host.wakeup.notify();
    }
  }

  /** Does not wait for a stream that takes no notice of being aborted, such as one whose connection is still being made. */
  #untilAborted(running: Promise<void>): Promise<void> {
    const { signal } = this.#abort;
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      running.then(resolve, reject);
    });
  }

  #dueReport(): void {
    this.#isReportDue = true;
    this.#host.wakeup.notify();
  }

  #look(): void {
    const silentMs = this.#silence.look(performance.now());
    if (silentMs > IngestLimits.silenceMs) this.abort(`nothing was received for ${Math.round(silentMs / 1000)} s`);
  }

  async *#requests(): AsyncGenerator<IngestRequest> {
    const host = this.#host;
    yield request({ case: "open", value: host.open });
    while (!this.#abort.signal.aborted) {
      const batch = this.isOpen ? host.nextBatch(this.sentSequence) : undefined;
      if (this.isOpen && this.#isReportDue) {
        this.#isReportDue = false;
        yield request({ case: "report", value: host.report() });
      } else if (batch !== undefined) {
        this.sentSequence = batch.sequence;
        yield request({ case: "batch", value: batch });
      } else if (host.isClosing) {
        if (this.isOpen) yield request({ case: "report", value: host.report() });
        return;
      } else await host.wakeup.promise;
    }
  }
}

function request(content: MessageInitShape<typeof IngestRequestSchema>["content"]): IngestRequest {
  return create(IngestRequestSchema, content === undefined ? {} : { content });
}
