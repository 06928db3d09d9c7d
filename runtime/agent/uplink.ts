import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import {
  type Batch,
  BatchSchema,
  type IngestRequest,
  IngestRequestSchema,
  IngestService,
  SessionOpenSchema,
} from "../../generated/wireloom/v1/ingest_pb.js";
import { WireloomError } from "../wireloom-error.js";

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;

/** Errors that another try does not mend. */
const FATAL_CODES = new Set([Code.InvalidArgument, Code.Unauthenticated, Code.PermissionDenied, Code.Unimplemented]);

/** Options of an {@link Uplink}. */
export interface UplinkOptions {
  /** The collector's URL. */
  readonly url: string;
  readonly agentId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly version: string;
  /** How an https collector's certificate is judged: authorities in PEM, and whether its name must be the URL's. */
  readonly tls?: { readonly ca: string; readonly checksName: boolean } | undefined;
  /** Milliseconds without a connection after which the uplink fails; undefined to try for ever. */
  readonly giveUpAfterMs?: number | undefined;
  /** Bytes of batches that wait for their acknowledgement before {@link Uplink.send} makes its caller wait. */
  readonly maxWaitingBytes: number;
  /** Told once when the connection is lost or cannot be made, and once when it is there. */
  readonly onState?: (message: string) => void;
}

/** Rows of one event type in a batch. */
export interface SegmentInput {
  readonly eventType: string;
  readonly count: number;
  readonly rows: Uint8Array;
}

interface Waiting {
  readonly batch: Batch;
  readonly bytes: number;
}

/**
 * Sends batches to the collector over one long stream and keeps each until the collector has committed it. After a lost
 * connection it sends again what is not committed; the collector leaves out what it has.
 */
export class Uplink {
  readonly #options: UplinkOptions;
  readonly #transport: Transport;
  readonly #sessionId = randomBytes(16);
  /** Not yet committed, in order of sequence. */
  readonly #waiting: Waiting[] = [];
  /** How many of {@link #waiting} the current connection has sent. */
  #sent = 0;
  #waitingBytes = 0;
  #nextSequence = 1n;
  #isClosing = false;
  #failure: WireloomError | undefined;
  #wake = signalOf();
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: UplinkOptions) {
    this.#options = options;
    const { tls } = options;
    this.#transport = createConnectTransport({
      baseUrl: options.url,
      httpVersion: "2",
      ...(tls === undefined
        ? {}
        : { nodeOptions: { ca: tls.ca, ...(tls.checksName ? {} : { checkServerIdentity: () => undefined }) } }),
    });
    this.#running = this.#run();
  }

  /** Batches that the collector has not committed yet. */
  get unacknowledged(): number {
    return this.#waiting.length;
  }

  /** Takes a batch over; waits while too many bytes are unacknowledged. Throws when the uplink has failed for good. */
  async send(segments: readonly SegmentInput[], counters: ReadonlyMap<string, number>): Promise<void> {
    while (this.#waitingBytes > this.#options.maxWaitingBytes) {
      this.#throwFailure();
      await this.#wake.promise;
    }
    this.#throwFailure();
    const batch = create(BatchSchema, {
      sequence: this.#nextSequence++,
      segments: [...segments],
      counters: [...counters].map(([name, value]) => ({ name, value: BigInt(value) })),
    });
    const bytes = segments.reduce((sum, segment) => sum + segment.rows.length, 0);
    this.#waiting.push({ batch, bytes });
    this.#waitingBytes += bytes;
    this.#notify();
  }

  /** Waits until everything sent is committed; throws when that cannot be, or when `signal` ends the wait. */
  async drain(signal?: AbortSignal): Promise<void> {
    const stop = () => this.#notify();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      while (this.#waiting.length > 0) {
        this.#throwFailure();
        if (signal?.aborted) {
          throw new WireloomError(
            "unavailable",
            `${this.#waiting.length} batches were not committed by ${this.#options.url} in time and are lost; check the collector`,
          );
        }
        await this.#wake.promise;
      }
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Ends the stream. What is not committed is given up. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#notify();
    const timer = setTimeout(() => this.#abort.abort(), 2000);
    await this.#running;
    clearTimeout(timer);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #notify(): void {
    const { resolve } = this.#wake;
    this.#wake = signalOf();
    resolve();
  }

  async #run(): Promise<void> {
    const client = createClient(IngestService, this.#transport);
    let retryMs = FIRST_RETRY_MS;
    let lostAt = Date.now();
    let hasComplained = false;
    while (!this.#isClosing) {
      const opened = signalOf();
      this.#sent = 0;
      try {
        const responses = client.ingest(this.#requests(opened.promise), { signal: this.#abort.signal });
        for await (const { committedSequence } of responses) {
          this.#acknowledge(committedSequence);
          opened.resolve();
          if (hasComplained) this.#options.onState?.(`connected to ${this.#options.url}`);
          hasComplained = false;
          retryMs = FIRST_RETRY_MS;
          lostAt = Date.now();
        }
        if (this.#isClosing) return;
        throw new ConnectError("the collector ended the stream", Code.Unavailable);
      } catch (error) {
        opened.resolve();
        if (this.#isClosing) return;
        const reason = ConnectError.from(error);
        const outageMs = Date.now() - lostAt;
        if (FATAL_CODES.has(reason.code)) {
          this.#fail(
            new WireloomError(
              "unavailable",
              `the collector at ${this.#options.url} refused the rows: ${reason.rawMessage}`,
              { cause: error },
            ),
          );
          return;
        }
        if (this.#options.giveUpAfterMs !== undefined && outageMs + retryMs > this.#options.giveUpAfterMs) {
          this.#fail(unreachable(this.#options.url, reason));
          return;
        }
        if (!hasComplained) {
          this.#options.onState?.(`${unreachable(this.#options.url, reason).message}; trying again`);
          hasComplained = true;
        }
        await Promise.race([new Promise((resolve) => setTimeout(resolve, retryMs)), this.#closing()]);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
  }

  async #closing(): Promise<void> {
    while (!this.#isClosing) await this.#wake.promise;
  }

  #fail(failure: WireloomError): void {
    this.#failure = failure;
    this.#notify();
  }

  async *#requests(opened: Promise<void>): AsyncGenerator<IngestRequest> {
    const { agentId, labels, version } = this.#options;
    const open = create(SessionOpenSchema, {
      agentId,
      sessionId: this.#sessionId,
      hostname: hostname(),
      version,
      labels: { ...labels },
    });
    yield create(IngestRequestSchema, { content: { case: "open", value: open } });
    await opened;
    for (;;) {
      const next = this.#waiting[this.#sent];
      if (next !== undefined) {
        this.#sent++;
        yield create(IngestRequestSchema, { content: { case: "batch", value: next.batch } });
      } else {
        if (this.#isClosing) return;
        await this.#wake.promise;
      }
    }
  }

  #acknowledge(committed: bigint): void {
    let count = 0;
    while (count < this.#waiting.length && this.#waiting[count]!.batch.sequence <= committed) {
      this.#waitingBytes -= this.#waiting[count]!.bytes;
      count++;
    }
    if (count === 0) return;
    this.#waiting.splice(0, count);
    this.#sent = Math.max(0, this.#sent - count);
    this.#notify();
  }
}

interface Signal {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function signalOf(): Signal {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function unreachable(url: string, reason: ConnectError): WireloomError {
  return new WireloomError(
    "unavailable",
    `the collector at ${url} cannot be reached (${reason.rawMessage}); start one with \`wireloom collector\` or check the address`,
    { cause: reason },
  );
}
