import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  BatchSchema,
  type IngestRequest,
  IngestRequestSchema,
  IngestService,
  SessionOpenSchema,
} from "../../generated/wireloom/v1/ingest_pb.js";
import { DNS_EVENT } from "./dns-rows.js";

/** A session that sends batches of DNS rows and waits for the commit of each. */
export class IngestClient {
  readonly #queue: IngestRequest[] = [];
  #wake: () => void = () => undefined;
  #sequence = 0n;
  #committed = 0n;
  /** Those who wait for a commit. */
  #waiting: (() => void)[] = [];
  #isClosed = false;
  readonly #abort = new AbortController();
  /** Rejects with what ended the session. */
  readonly #running: Promise<void>;
  #failure: unknown;

  constructor(url: string, agentId: string) {
    const open = create(SessionOpenSchema, { agentId, sessionId: randomBytes(16) });
    this.#queue.push(create(IngestRequestSchema, { content: { case: "open", value: open } }));
    this.#running = this.#run(url).catch((error: unknown) => {
      this.#failure = error;
      this.#notify();
    });
  }

  /** Sends rows and resolves when they are committed. */
  async send(rows: Uint8Array, count: number): Promise<void> {
    const sequence = ++this.#sequence;
    const batch = create(BatchSchema, { sequence, rowGroups: [{ eventType: DNS_EVENT, count, rows }] });
    this.#queue.push(create(IngestRequestSchema, { content: { case: "batch", value: batch } }));
    this.#wake();
    while (this.#committed < sequence) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    const timer = setTimeout(() => this.#abort.abort(), 2000);
    await this.#running;
    clearTimeout(timer);
  }

  #notify(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  async #run(url: string): Promise<void> {
    const client = createClient(IngestService, createGrpcTransport({ baseUrl: url }));
    for await (const { committedSequence } of client.ingest(this.#requests(), { signal: this.#abort.signal })) {
      if (committedSequence > this.#committed) this.#committed = committedSequence;
      this.#notify();
    }
  }

  async *#requests(): AsyncGenerator<IngestRequest> {
    while (true) {
      const next = this.#queue.shift();
      if (next !== undefined) yield next;
      else if (this.#isClosed) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
