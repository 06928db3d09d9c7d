import { ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { type IngestRequest, type IngestResponse, IngestService } from "../../../generated/wireloom/v1/ingest_pb.js";
import { IngestLimits } from "../../ingest-limits.js";
import { LOOK_MS, PeerSilence } from "../../peer-silence.js";
import { openExchange } from "../message-exchange.js";
import type { SessionOpening, Transport, TransportSession } from "../transport.js";
import { TransportError } from "../transport-error.js";
import { CollectorSession } from "./collector-session.js";
import { transportError } from "./connect-failure.js";

/**
 * Carries batches over Connect: each session is one stream on an HTTP/2 connection of its own. A session on which nothing is received for
 * `IngestLimits.silenceMs` is lost with `unavailable`.
 */
export class ConnectTransport implements Transport {
  readonly collector: string;
  readonly #url: string;
  readonly #tlsCa: string | undefined;

  /** `url` is the collector's; `tlsCa` are the authorities, in PEM, that may vouch for an https collector instead of the usual ones. */
  constructor(url: string, tlsCa?: string) {
    this.collector = `the collector at ${url}`;
    this.#url = url;
    this.#tlsCa = tlsCa;
  }

  async open(opening: SessionOpening): Promise<TransportSession> {
    const silence = new AbortController();
    const signal = AbortSignal.any([opening.signal, silence.signal]);
    return openExchange((requests) => this.#exchange(requests, signal, silence), { ...opening, signal });
  }

  async *#exchange(
    requests: AsyncIterable<IngestRequest>,
    signal: AbortSignal,
    ending: AbortController,
  ): AsyncGenerator<IngestResponse> {
    // A connection of its own: one that is dead, or that never came about, must not be waited for by the next session.
    const session = new CollectorSession(this.#url, this.#tlsCa);
    const transport = createConnectTransport({ baseUrl: this.#url, httpVersion: "2", sessionManager: session });
    const silence = new PeerSilence(performance.now());
    const looks = setInterval(() => {
      const silentMs = silence.look(performance.now());
      if (silentMs > IngestLimits.silenceMs) ending.abort(silenceError(silentMs));
    }, LOOK_MS);
    const release = (): void => {
      clearInterval(looks);
      session.destroy();
    };
    signal.addEventListener("abort", release, { once: true });
    let isOpen = false;
    try {
      for await (const response of createClient(IngestService, transport).ingest(requests, { signal })) {
        silence.heard(performance.now());
        isOpen = true;
        yield response;
      }
    } catch (error) {
      const failure = isOpen || signal.aborted ? error : (session.failure ?? error);
      throw transportError(this.#url, ConnectError.from(failure));
    } finally {
      signal.removeEventListener("abort", release);
      release();
    }
  }
}

function silenceError(silentMs: number): TransportError {
  return new TransportError("unavailable", `nothing was received for ${Math.round(silentMs / 1000)} s`);
}
