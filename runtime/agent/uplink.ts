import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type IngestResponse, type Report, ReportSchema } from "../../generated/wireloom/v1/ingest_pb.js";
import { snakeCase } from "../schema/snake-case.js";
import { WireloomError } from "../wireloom-error.js";
import type { BatchSink } from "./agent.js";
import { BatchQueue } from "./batch-queue.js";
import { counterMessages } from "./counter-messages.js";
import type { SegmentInput } from "./cut-batch.js";
import { describeFailure, REFUSAL_CODES } from "./describe-failure.js";
import { Outage } from "./outage.js";
import { RefusedBatchSearch } from "./refused-batch-search.js";
import { type RefusedCount, RefusedRows } from "./refused-rows.js";
import { type ConnectionHost, UplinkConnection } from "./uplink-connection.js";
import type { UplinkOptions } from "./uplink-options.js";
import { Wakeup } from "./wakeup.js";

/** Errors that neither another attempt nor another batch mends. */
const FATAL_CODES: ReadonlySet<Code> = new Set([Code.Unauthenticated, Code.PermissionDenied, Code.Unimplemented]);
const CLOSE_TIMEOUT_MS = 2000;
/** What an operator can do where the input can be read again. */
const RUN_AGAIN = "run the same command again to store the rest, each row once";

/**
 * Sends batches to the collector over one long stream and keeps each until the collector has committed it. After a lost
 * connection it sends again what is not committed; the collector leaves out what it has. A batch that the collector refuses for good
 * is set aside and counted.
 */
export class Uplink implements BatchSink {
  readonly #options: UplinkOptions;
  readonly #queue = new BatchQueue();
  readonly #refused: RefusedRows;
  readonly #outage: Outage;
  readonly #wakeup = new Wakeup();
  readonly #running: Promise<void>;
  #sessionId: Uint8Array;
  #connection: UplinkConnection | undefined;
  #counters: () => ReadonlyMap<string, number> = () => new Map();
  /** Highest sequence that the collector acknowledged in this session; undefined before it was opened first. */
  #committed: bigint | undefined;
  #storedBefore = 0n;
  readonly #search = new RefusedBatchSearch();
  #notice = "";
  readonly #closing = new AbortController();
  #isSessionReplaced = false;
  #failure: WireloomError | undefined;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#sessionId = options.sessionId ?? randomBytes(16);
    this.#outage = new Outage(options.giveUpAfterMs);
    this.#refused = new RefusedRows(options.resources, (message) => this.#say(message));
    options.deadline?.addEventListener("abort", () => this.#wakeup.notify(), { once: true });
    this.#running = this.#run();
  }

  /** Batches that the collector has not committed yet. */
  get unacknowledged(): number {
    return this.#queue.length;
  }

  /** Batches that were made so far. */
  get batches(): bigint {
    return this.#queue.lastSequence;
  }

  /** Batches of this session that the collector held before this uplink opened it. */
  get storedBefore(): bigint {
    return this.#storedBefore;
  }

  /** Rows that were refused for good. */
  get refused(): readonly RefusedCount[] {
    return this.#refused.counts;
  }

  countersFrom(read: () => ReadonlyMap<string, number>): void {
    this.#counters = read;
  }

  refuseRow(eventType: string): void {
    this.#refused.add(eventType, 1, "row_too_large", "a row exceeds the limit of a batch");
  }

  /** Takes a batch over; waits while too many bytes are unacknowledged. Throws when the uplink has failed for good. */
  async send(segments: readonly SegmentInput[]): Promise<void> {
    while (this.#queue.bytes > this.#options.maxWaitingBytes) {
      this.#throwFailure();
      await this.#wakeup.promise;
    }
    this.#throwFailure();
    if (this.#committed !== undefined && this.#queue.lastSequence < this.#committed) this.#queue.skip();
    else this.#queue.add(segments, this.#allCounters());
    this.#wakeup.notify();
  }

  /** Waits until everything sent is committed; throws when that cannot be, or when the deadline passes. */
  async drain(): Promise<void> {
    while (this.#queue.length > 0) {
      this.#throwFailure();
      await this.#wakeup.promise;
    }
  }

  /** Ends the stream. What is not committed is given up. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wakeup.notify();
    const timer = setTimeout(() => this.#connection?.abort("the agent ends"), CLOSE_TIMEOUT_MS);
    await this.#running;
    clearTimeout(timer);
  }

  get #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#options.deadline?.aborted) {
      const { url, isRepeatable } = this.#options;
      const what = `${this.#queue.rows} rows were not committed by ${url} in time`;
      throw new WireloomError(
        "unavailable",
        isRepeatable ? `${what}; ${RUN_AGAIN}` : `${what} and are lost; check the collector`,
      );
    }
  }

  async #run(): Promise<void> {
    while (!this.#isClosing && this.#failure === undefined) {
      const connection = new UplinkConnection(this.#host());
      this.#connection = connection;
      try {
        await connection.run();
      } catch (error) {
        if (this.#isClosing || this.#failure !== undefined) return;
        if (this.#isSessionReplaced) this.#isSessionReplaced = false;
        else await this.#recover(ConnectError.from(error), connection);
      }
    }
  }

  /** Decides what follows a connection that failed: another attempt after a pause, perhaps without a batch, or failure. */
  async #recover(reason: ConnectError, connection: UplinkConnection): Promise<void> {
    const { url } = this.#options;
    if (FATAL_CODES.has(reason.code)) {
      this.#fail(`the collector at ${url} refused the rows: ${reason.rawMessage}`, reason);
      return;
    }
    if (connection.isOpen && REFUSAL_CODES.has(reason.code) && connection.sentSequence > 0n) {
      this.#suspect(reason, connection.sentSequence);
    }
    const waitMs = this.#outage.markFailed(reason.code, performance.now());
    const message = describeFailure(url, reason, connection.isOpen);
    if (waitMs === undefined) {
      this.#fail(this.#options.isRepeatable ? `${message}; once it works, ${RUN_AGAIN}` : message, reason);
      return;
    }
    if (this.#outage.isNews(reason.code)) this.#say(`${message}; trying again`);
    await pause(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  /** Narrows down which batch was refused, and sets it aside once it was refused alone. */
  #suspect(reason: ConnectError, sentSequence: bigint): void {
    const first = this.#queue.first;
    if (first === undefined || !this.#search.markRefused(first.sequence, sentSequence)) return;
    for (const { eventType, count } of this.#queue.emptyFirst()) {
      this.#refused.add(eventType, count, snakeCase(Code[reason.code]), reason.rawMessage);
    }
    this.#wakeup.notify();
  }

  #host(): ConnectionHost {
    const { url, tls, agentId, labels, version, maxWaitingBytes } = this.#options;
    const isClosing = () => this.#isClosing;
    return {
      url,
      tls,
      open: {
        agentId,
        sessionId: this.#sessionId,
        hostname: hostname(),
        version,
        labels: { ...labels },
        windowBytes: BigInt(maxWaitingBytes),
        acknowledgedSequence: this.#committed ?? 0n,
      },
      wakeup: this.#wakeup,
      get isClosing() {
        return isClosing();
      },
      nextBatch: (after) => {
        const batch = this.#queue.after(after);
        return this.#search.isProbing(this.#committed ?? 0n) && batch !== this.#queue.first ? undefined : batch;
      },
      report: () => this.#report(),
      receive: (response, isFirst) => this.#receive(response, isFirst),
    };
  }

  #report(): Report {
    return create(ReportSchema, {
      counters: counterMessages(this.#allCounters()),
      ended: this.#isClosing && this.#queue.length === 0,
    });
  }

  #allCounters(): ReadonlyMap<string, number> {
    const counters = new Map(this.#counters());
    this.#refused.addTo(counters);
    return counters;
  }

  #receive({ committedSequence, refused, notice }: IngestResponse, isFirst: boolean): void {
    if (isFirst && !this.#opened(committedSequence)) return;
    for (const { eventType, rows, code, message } of refused) this.#refused.add(eventType, rows, code, message);
    if (notice !== "" && notice !== this.#notice) this.#say(`the collector says: ${notice}`);
    if (notice !== "") this.#notice = notice;
    const isProgress = this.#acknowledge(committedSequence);
    if ((isProgress || this.#queue.length === 0) && this.#outage.markRecovered()) {
      this.#say(`connected to ${this.#options.url}`);
    }
  }

  /** Takes what the collector holds of the session; false where this connection cannot continue it. */
  #opened(committed: bigint): boolean {
    this.#outage.markOpened();
    if (this.#committed === undefined) {
      this.#storedBefore = committed;
      this.#committed = committed;
      return true;
    }
    const acknowledged = (this.#queue.first?.sequence ?? this.#queue.lastSequence + 1n) - 1n;
    if (committed >= acknowledged) {
      // It may be less than before: what is not skipped yet must then be sent.
      this.#committed = committed;
      return true;
    }
    const { url, isRepeatable } = this.#options;
    const fault = `the collector at ${url} holds ${committed} of ${acknowledged} batches that it acknowledged before`;
    // Acknowledged batches are no longer in memory. A run that reads the input again has them, and continues this session after the last batch
    // that the collector holds; rows sent in another session until then would be stored twice.
    if (isRepeatable) this.#fail(`${fault}; ${RUN_AGAIN}`, undefined);
    else this.#replaceSession(fault);
    this.#connection?.abort("the collector lost batches");
    return false;
  }

  /** Sends what is left in a new session, because the collector takes the batches of a session without gaps. */
  #replaceSession(fault: string): void {
    this.#say(`${fault}; sending the rest in a new session`);
    this.#sessionId = randomBytes(16);
    this.#queue.renumber();
    this.#committed = 0n;
    this.#search.reset();
    this.#isSessionReplaced = true;
  }

  /** True where batches were acknowledged. */
  #acknowledge(committed: bigint): boolean {
    if (this.#committed === undefined || committed > this.#committed) this.#committed = committed;
    if (this.#queue.acknowledge(committed) === 0) return false;
    this.#search.markAcknowledged();
    this.#wakeup.notify();
    return true;
  }

  #fail(message: string, cause: unknown): void {
    this.#failure = new WireloomError("unavailable", message, { cause });
    this.#wakeup.notify();
  }

  #say(message: string): void {
    this.#options.onState?.(message);
  }
}
