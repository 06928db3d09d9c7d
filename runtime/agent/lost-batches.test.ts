import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, it } from "vitest";
import {
  type IngestRequest,
  type IngestResponse,
  IngestResponseSchema,
} from "../../generated/wireloom/v1/ingest_pb.js";
import { closeServer, startServer } from "./testing/collector-server.js";
import { rowGroup, startUplink } from "./testing/dns-uplink.js";
import type { Uplink } from "./uplink.js";

afterEach(closeServer);

/** A collector with sessions, whose database can be restored to an earlier state while an agent is connected. */
class RestorableCollector {
  readonly sessions = new Map<string, { sequence: bigint; rows: number }[]>();
  #disconnect: (reason: Error) => void = () => undefined;

  async *ingest(requests: AsyncIterable<IngestRequest>): AsyncIterable<IngestResponse> {
    const broken = new Promise<never>((_, reject) => {
      this.#disconnect = reject;
    });
    broken.catch(() => undefined);
    const responses = this.#responses(requests);
    for (;;) {
      const next = await Promise.race([responses.next(), broken]);
      if (next.done) return;
      yield next.value;
    }
  }

  async *#responses(requests: AsyncIterable<IngestRequest>): AsyncGenerator<IngestResponse> {
    let id = "";
    const batches = () => this.sessions.get(id) ?? [];
    for await (const { content } of requests) {
      if (content.case === "open") {
        id = Buffer.from(content.value.sessionId).toString("hex");
        if (!this.sessions.has(id)) this.sessions.set(id, []);
      } else if (content.case === "batch") {
        const { sequence, rowGroups } = content.value;
        if (sequence > BigInt(batches().length + 1)) throw new ConnectError("a gap", Code.FailedPrecondition);
        const rows = rowGroups.reduce((sum, { count }) => sum + count, 0);
        if (sequence > batches().length) batches().push({ sequence, rows });
      }
      yield create(IngestResponseSchema, { committedSequence: BigInt(batches().length) });
    }
  }

  /** Sequence and rows of every stored batch, session after session. */
  get stored(): [bigint, number][] {
    return [...this.sessions.values()].flat().map(({ sequence, rows }) => [sequence, rows]);
  }

  /** Keeps this number of batches of each session and ends the stream. */
  restore(batches: number): void {
    for (const session of this.sessions.values()) session.splice(batches);
    this.#disconnect(new ConnectError("restarted", Code.Unavailable));
  }
}

/** Sends batches of these numbers of rows. */
async function sendBatches(uplink: Uplink, ...rows: number[]): Promise<void> {
  for (const count of rows) await uplink.send([rowGroup(10, count)]);
}

describe("a collector", () => {
  it.each([
    ["forgot a session", 0],
    ["holds a part of a session", 3],
  ])("that %s gets all remaining rows in a new one", async (_, held) => {
    const collector = new RestorableCollector();
    const url = await startServer((requests) => collector.ingest(requests));
    const said: string[] = [];
    const uplink = startUplink(url, said);
    await sendBatches(uplink, 1, 2, 3, 4, 5);
    await uplink.drain();
    collector.restore(held);
    await sendBatches(uplink, 6, 7, 8);
    await uplink.drain();
    await uplink.close();
    const kept = [1, 2, 3, 4, 5].slice(0, held).map((rows) => [BigInt(rows), rows]);
    expect(collector.stored).toEqual([...kept, [1n, 6], [2n, 7], [3n, 8]]);
    expect(said.join("\n")).toContain(
      `holds ${held} of 5 batches that it acknowledged before; sending the rest in a new session`,
    );
  });

  it("that holds a part of a file's session gets each row once when the file is read again", async () => {
    const collector = new RestorableCollector();
    const url = await startServer((requests) => collector.ingest(requests));
    const options = { sessionId: randomBytes(16), isRepeatable: true };
    const uplink = startUplink(url, [], options);
    await sendBatches(uplink, 1, 2, 3, 4, 5);
    await uplink.drain();
    collector.restore(3);
    await sendBatches(uplink, 6);
    await expect(uplink.drain()).rejects.toThrow(
      /holds 3 of 5 batches that it acknowledged before; run the same command again to store the rest, each row once$/,
    );
    await uplink.close();
    const again = startUplink(url, [], options);
    await sendBatches(again, 1, 2, 3, 4, 5, 6, 7);
    await again.drain();
    await again.close();
    expect(collector.sessions.size).toBe(1);
    expect(collector.stored.map(([, rows]) => rows)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(again.storedBefore).toBe(3n);
  });

  it("that loses batches which this run has not skipped yet gets them again", async () => {
    const collector = new RestorableCollector();
    const url = await startServer((requests) => collector.ingest(requests));
    const options = { sessionId: randomBytes(16), isRepeatable: true };
    const before = startUplink(url, [], options);
    await sendBatches(before, 1, 2, 3, 4, 5);
    await before.drain();
    await before.close();
    const said: string[] = [];
    const uplink = startUplink(url, said, options);
    await expect.poll(() => uplink.storedBefore).toBe(5n);
    await sendBatches(uplink, 1, 2);
    collector.restore(3);
    await expect.poll(() => said).toContain(`connected to the collector at ${url}`);
    await sendBatches(uplink, 3, 4, 5, 6);
    await uplink.drain();
    await uplink.close();
    expect(collector.stored.map(([, rows]) => rows)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
