import { randomBytes } from "node:crypto";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IngestRequest, IngestService } from "../../../generated/wireloom/v1/ingest_pb.js";
import { startFixture } from "../testing/collector.js";
import { type IngestFixture, open, report, rowsBatch, startIngest } from "./testing/ingest.js";

let fixture: IngestFixture;

beforeAll(async () => {
  fixture = await startIngest();
});

afterAll(() => fixture.close());

describe("the ingest stream", () => {
  it("acknowledges committed batches, and continues a session after the last of them", async () => {
    const session = randomBytes(16);
    expect(
      await fixture.send([open(session), rowsBatch(1n, "a.one", "a.two"), rowsBatch(2n, "a.three")], 2n),
    ).toMatchObject({
      acknowledged: expect.arrayContaining([0n, 2n]),
    });
    const again = await fixture.send([open(session), rowsBatch(2n, "a.three"), rowsBatch(3n, "a.four")], 3n);
    expect(again.acknowledged).toEqual([2n, 3n]);
    expect((await fixture.namesStored()).filter((name) => name.startsWith("a."))).toEqual([
      "a.four",
      "a.one",
      "a.three",
      "a.two",
    ]);
    const agent = await fixture.store.findAgent("probe-1");
    expect(agent).toMatchObject({ hostname: "host", rowCount: 4n, counters: { "kernel.dropped": 3n } });
  });

  it("shows counters and state of an agent that sends no rows", async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const client = createClient(IngestService, createGrpcTransport({ baseUrl: fixture.collector.url }));
    async function* stream(): AsyncIterable<IngestRequest> {
      yield open(randomBytes(16), "silent");
      yield report({ counters: [{ name: "capture.dropped", value: 2n ** 63n }] });
      await finished;
      yield report({ counters: [{ name: "capture.dropped", value: 2n ** 63n + 1n }], ended: true });
    }
    const responses = (async () => {
      for await (const _ of client.ingest(stream()));
    })();
    const silent = async () => (await (await fetch(`${fixture.collector.url}/v1/agents/silent`)).text()) ?? "";
    await expect.poll(silent).toContain('"counters":{"capture.dropped":9223372036854775808}');
    expect(JSON.parse(await silent())).toMatchObject({ id: "silent", state: "connected", rows: 0 });
    finish();
    await responses;
    await expect.poll(silent).toContain('"counters":{"capture.dropped":9223372036854775809}');
    expect(JSON.parse(await silent())).toMatchObject({ state: "ended" });
    expect(await fixture.store.listAgents()).toContainEqual(expect.objectContaining({ id: "silent", state: "ended" }));
  });

  it("shows an agent whose stream broke off as gone", async () => {
    const abort = new AbortController();
    const client = createClient(IngestService, createGrpcTransport({ baseUrl: fixture.collector.url }));
    async function* stream(): AsyncIterable<IngestRequest> {
      yield open(randomBytes(16), "broken");
      yield rowsBatch(1n, "h.one");
      await new Promise(() => undefined);
    }
    const responses = (async () => {
      for await (const _ of client.ingest(stream(), { signal: abort.signal }));
    })();
    await expect.poll(fixture.namesStored).toContain("h.one");
    expect((await fixture.store.findAgent("broken"))!.state).toBe("connected");
    abort.abort();
    await expect(responses).rejects.toThrow();
    await expect.poll(async () => (await fixture.store.findAgent("broken"))!.state).toBe("gone");
  });

  it("writes nothing of a session that is only opened", async () => {
    const result = await fixture.send([open(randomBytes(16), "knocker")], 0n);
    expect(result.acknowledged).toEqual([0n]);
    expect(await fixture.store.findAgent("knocker")).toBeUndefined();
  });

  it("ends its streams when the collector closes, with everything committed", async () => {
    const other = await startFixture();
    const client = createClient(IngestService, createGrpcTransport({ baseUrl: other.collector.url }));
    async function* stream(): AsyncIterable<IngestRequest> {
      yield open(randomBytes(16));
      for (let sequence = 1n; ; sequence++) {
        yield rowsBatch(sequence, "e.one");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    let acknowledged = 0n;
    for await (const { committedSequence } of client.ingest(stream())) {
      acknowledged = committedSequence;
      if (committedSequence > 2n) void other.collector.close();
    }
    const agent = await other.store.findAgent("probe-1");
    expect(agent!.rowCount).toBeGreaterThanOrEqual(acknowledged);
    await other.close();
  });
});
