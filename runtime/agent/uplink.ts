import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { type ErrorCode, WireloomError } from "../wireloom-error.js";
import type { BatchQueue, SequencedBatch } from "./batch-queue.js";
import type { BatchSink, RowGroupInput } from "./batch-sink.js";
import { describeFailure, REFUSAL_CODES } from "./describe-failure.js";
import { Outage } from "./outage.js";
import { RefusedBatchSearch } from "./refused-batch-search.js";
import { type RefusedCount, RefusedRows } from "./refused-rows.js";
import type { SessionReport, SessionResponse } from "./transport.js";
import { TransportError } from "./transport-error.js";
import { type ConnectionHost, UplinkConnection } from "./uplink-connection.js";
import type { UplinkOptions } from "./uplink-options.js";
import { Wakeup } from "./wakeup.js";

/** Errors that neither another attempt nor another batch resolves. */
const FATAL_CODES: ReadonlySet<ErrorCode> = new Set(["unauthenticated", "permission_denied", "unimplemented"]);
const CLOSE_TIMEOUT_MS = 2000;
/** What an operator can do where the input can be read again. */
const RUN_AGAIN = "run the same command again to store the rest, each row once";

/**
 * Joins a queue and a transport: sends what is in the queue over one long session. After a lost connection it sends again what is not
 * committed; the collector leaves out what it has. A batch that the collector refuses for good is set aside and counted.
 */
export class Uplink implements BatchSink {
  readonly #options: UplinkOptions;
  readonly #queue: BatchQueue;
  readonly #refused: RefusedRows;
  readonly #outage: Outage;
  readonly #wakeup = new Wakeup();
  readonly #running: Promise<void>;
  #connection: UplinkConnection | undefined;
  #counters: () => ReadonlyMap<string, number> = () => new Map();
  readonly #search = new RefusedBatchSearch();
  #notice = "";
  readonly #closing = new AbortController();
  #isSessionReplaced = false;
  #failure: WireloomError | undefined;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#queue = options.queue;
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

  /** Batches of this session that the collector had committed before this uplink opened it. */
  get storedBefore(): bigint {
    return this.#queue.storedBefore;
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

  /** Queues a batch; waits while too many bytes are unacknowledged. Throws when the uplink has failed for good. */
  async send(rowGroups: readonly RowGroupInput[]): Promise<void> {
    while (this.#queue.isFull) {
      this.#throwFailure();
      await this.#wakeup.promise;
    }
    this.#throwFailure();
    await this.#queue.add(rowGroups, this.#allCounters());
    this.#wakeup.notify();
  }

  /** Waits until everything sent is committed; throws when that cannot be, or when the deadline passes. */
  async drain(): Promise<void> {
    while (this.#queue.length > 0) {
      this.#throwFailure();
      await this.#wakeup.promise;
    }
  }

  /** Ends the session. Batches that are not committed are discarded. */
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
      const { transport, isRepeatable } = this.#options;
      const what = `${this.#queue.rows} rows were not committed by ${transport.collector} in time`;
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
        else await this.#recover(TransportError.from(error), connection);
      }
    }
  }

  /** Decides what follows a connection that failed: another attempt after a pause, perhaps without a batch, or failure. */
  async #recover(reason: TransportError, connection: UplinkConnection): Promise<void> {
    const { collector } = this.#options.transport;
    if (FATAL_CODES.has(reason.code)) {
      this.#fail(`${collector} refused the rows: ${reason.message}`, reason);
      return;
    }
    if (connection.isOpen && REFUSAL_CODES.has(reason.code) && connection.sentSequence > 0n) {
      await this.#suspect(reason, connection.sentSequence);
    }
    const waitMs = this.#outage.markFailed(reason.code, performance.now());
    const message = describeFailure(collector, reason, connection.isOpen);
    if (waitMs === undefined) {
      this.#fail(this.#options.isRepeatable ? `${message}; once it works, ${RUN_AGAIN}` : message, reason);
      return;
    }
    if (this.#outage.isNews(reason.code)) this.#say(`${message}; trying again`);
    await pause(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  /** Searches for the batch that was refused, and sets it aside once it was refused alone. */
  async #suspect(reason: TransportError, sentSequence: bigint): Promise<void> {
    if (this.#queue.length === 0 || !this.#search.markRefused(this.#queue.firstSequence, sentSequence)) return;
    for (const { eventType, count } of await this.#queue.emptyFirst()) {
      this.#refused.add(eventType, count, reason.code, reason.message);
    }
    this.#wakeup.notify();
  }

  #host(): ConnectionHost {
    const { transport, agentId, labels, version } = this.#options;
    const queue = this.#queue;
    const isClosing = () => this.#isClosing;
    return {
      transport,
      opening: {
        agentId,
        sessionId: queue.sessionId,
        hostname: hostname(),
        version,
        labels,
        windowBytes: queue.maxBytes,
        acknowledgedSequence: queue.committedSequence ?? 0n,
      },
      wakeup: this.#wakeup,
      get isClosing() {
        return isClosing();
      },
      nextBatch: (after) => this.#nextBatch(after),
      report: () => this.#report(),
      receive: (response, isFirst) => this.#receive(response, isFirst),
    };
  }

  async #nextBatch(after: bigint): Promise<SequencedBatch | undefined> {
    const queue = this.#queue;
    const isProbing = this.#search.isProbing(queue.committedSequence ?? 0n);
    if (isProbing && after >= queue.firstSequence) return undefined;
    return queue.after(after);
  }

  #report(): SessionReport {
    return { counters: this.#allCounters(), hasEnded: this.#isClosing && this.#queue.length === 0 };
  }

  #allCounters(): ReadonlyMap<string, number> {
    const counters = new Map(this.#counters());
    this.#refused.addTo(counters);
    return counters;
  }

  async #receive({ committedSequence, refused, notice }: SessionResponse, isFirst: boolean): Promise<void> {
    if (isFirst && !(await this.#opened(committedSequence))) return;
    for (const { eventType, rows, code, message } of refused) this.#refused.add(eventType, rows, code, message);
    if (notice !== "" && notice !== this.#notice) this.#say(`the collector says: ${notice}`);
    if (notice !== "") this.#notice = notice;
    const isProgress = await this.#acknowledge(committedSequence);
    if ((isProgress || this.#queue.length === 0) && this.#outage.markRecovered()) {
      this.#say(`connected to ${this.#options.transport.collector}`);
    }
  }

  /** Continues from what the collector has of the session; false where this connection cannot. */
  async #opened(committed: bigint): Promise<boolean> {
    this.#outage.markOpened();
    if (await this.#queue.resume(committed)) return true;
    const { transport, isRepeatable } = this.#options;
    const acknowledged = this.#queue.firstSequence - 1n;
    const fault = `${transport.collector} holds ${committed} of ${acknowledged} batches that it acknowledged before`;
    // Acknowledged batches are no longer in the queue. A run that reads the input again has them, and continues this session after the last
    // batch that the collector holds; rows sent in another session until then would be stored twice.
    if (isRepeatable) this.#fail(`${fault}; ${RUN_AGAIN}`, undefined);
    else await this.#replaceSession(fault);
    this.#connection?.abort("the collector lost batches");
    return false;
  }

  /** Sends what is left in a new session, because the collector takes the batches of a session without gaps. */
  async #replaceSession(fault: string): Promise<void> {
    this.#say(`${fault}; sending the rest in a new session`);
    await this.#queue.restart();
    this.#search.reset();
    this.#isSessionReplaced = true;
  }

  /** True where batches were acknowledged. */
  async #acknowledge(committed: bigint): Promise<boolean> {
    if ((await this.#queue.acknowledge(committed)) === 0) return false;
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
