import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type IngestRequest, IngestRequestSchema, type IngestResponse } from "../../generated/wireloom/v1/ingest_pb.js";
import type { SequencedBatch } from "./batch-queue.js";
import { counterMessages } from "./counter-messages.js";
import type { SessionOpening, SessionReport, SessionResponse, TransportSession } from "./transport.js";
import { TransportError } from "./transport-error.js";
import { Wakeup } from "./wakeup.js";

/**
 * A way to exchange the messages of `IngestService.Ingest`. It asks for the next request when there is room for it, ends its responses when
 * the collector does, and throws, best a {@link TransportError}, when the session is lost. `signal` ends it.
 */
export type MessageExchange = (
  requests: AsyncIterable<IngestRequest>,
  signal: AbortSignal,
) => AsyncIterable<IngestResponse>;

/** Opens a session over an exchange of messages; for `Transport.open`, whose errors it has. */
export async function openExchange(exchange: MessageExchange, opening: SessionOpening): Promise<TransportSession> {
  opening.signal.throwIfAborted();
  const session = new ExchangeSession(exchange, opening);
  await session.open();
  return session;
}

/** A request that waits until it, and then the one after it, is requested. */
interface WaitingRequest {
  readonly request: IngestRequest;
  readonly resolve: () => void;
  readonly reject: (reason: TransportError) => void;
}

class ExchangeSession implements TransportSession {
  readonly responses: AsyncIterable<SessionResponse>;
  readonly #signal: AbortSignal;
  readonly #iterator: AsyncIterator<IngestResponse>;
  readonly #waiting: WaitingRequest[] = [];
  readonly #wakeup = new Wakeup();
  readonly #onAbort = (): void => this.#end(TransportError.from(this.#signal.reason));
  #isClosed = false;
  /** The error that ended the session. */
  #failure: TransportError | undefined;
  #first: IteratorResult<IngestResponse> | undefined;

  constructor(exchange: MessageExchange, opening: SessionOpening) {
    this.#signal = opening.signal;
    this.#signal.addEventListener("abort", this.#onAbort, { once: true });
    this.#iterator = exchange(this.#requests(opening), opening.signal)[Symbol.asyncIterator]();
    this.responses = this.#responses();
  }

  async open(): Promise<void> {
    this.#first = await this.#next();
    if (this.#first.done) throw this.#failure;
  }

  send({ sequence, rowGroups, counters }: SequencedBatch): Promise<void> {
    const value = { sequence, rowGroups: [...rowGroups], counters: counterMessages(counters) };
    return this.#hand({ case: "batch", value });
  }

  report({ counters, hasEnded }: SessionReport): Promise<void> {
    return this.#hand({ case: "report", value: { counters: counterMessages(counters), ended: hasEnded } });
  }

  close(): void {
    this.#isClosed = true;
    this.#wakeup.notify();
  }

  /** Resolves when the request after this one is asked for. */
  #hand(content: RequestContent): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) reject(this.#failure);
      else if (this.#isClosed) reject(new TransportError("unavailable", "the session is closed"));
      else this.#waiting.push({ request: requestOf(content), resolve, reject });
      this.#wakeup.notify();
    });
  }

  async *#requests(opening: SessionOpening): AsyncGenerator<IngestRequest> {
    const { signal: _, labels, windowBytes, ...introduction } = opening;
    const value = { ...introduction, labels: { ...labels }, windowBytes: BigInt(windowBytes) };
    yield requestOf({ case: "open", value });
    while (this.#failure === undefined) {
      const next = this.#waiting[0];
      if (next !== undefined) {
        yield next.request;
        next.resolve();
        this.#waiting.shift();
      } else if (this.#isClosed) return;
      else await this.#wakeup.promise;
    }
  }

  async *#responses(): AsyncGenerator<SessionResponse> {
    try {
      let next = this.#first!;
      while (!next.done) {
        yield next.value;
        next = await this.#next();
      }
    } finally {
      this.#end(new TransportError("unavailable", "the session was left"));
    }
  }

  async #next(): Promise<IteratorResult<IngestResponse>> {
    try {
      if (this.#failure !== undefined) throw this.#failure;
      const next = await unlessAborted(this.#iterator.next(), this.#signal);
      if (next.done) this.#end(new TransportError("unavailable", "the collector ended the stream"));
      return next;
    } catch (error) {
      this.#end(TransportError.from(error));
      throw this.#failure;
    }
  }

  #end(reason: TransportError): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    this.#signal.removeEventListener("abort", this.#onAbort);
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
    this.#wakeup.notify();
    // It may have failed already, or ignore the signal.
    void this.#iterator.return?.().catch(() => undefined);
  }
}

type RequestContent = NonNullable<MessageInitShape<typeof IngestRequestSchema>["content"]>;

function requestOf(content: RequestContent): IngestRequest {
  return create(IngestRequestSchema, { content });
}

/** Does not wait for a stream that ignores being aborted, such as one whose connection is still being opened. */
function unlessAborted<Result>(running: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    // Removed each time: a session may last for months.
    void running.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
