import { randomBytes } from "node:crypto";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  BatchSchema,
  type IngestRequest,
  IngestRequestSchema,
  IngestService,
} from "../../../generated/wireloom/v1/ingest_pb.js";
import { type CollectorFixture, dnsSegment, startFixture } from "../collector-fixture.js";

let fixture: CollectorFixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.close());

const DNS = "wireloom.dns.v1.Dns";

function open(sessionId: Uint8Array, agentId = "probe-1"): IngestRequest {
  return create(IngestRequestSchema, {
    content: { case: "open", value: { agentId, sessionId, hostname: "host", labels: { site: "lab" } } },
  });
}

function batch(value: MessageInitShape<typeof BatchSchema>): IngestRequest {
  return create(IngestRequestSchema, { content: { case: "batch", value: create(BatchSchema, value) } });
}

function rowsBatch(sequence: bigint, ...names: string[]): IngestRequest {
  const { count, rows } = dnsSegment(names.map((queryName) => ({ queryName })));
  return batch({
    sequence,
    segments: [{ eventType: DNS, count, rows }],
    counters: [{ name: "kernel.dropped", value: sequence }],
  });
}

/** Sends the requests and, unless the collector ends the stream before, waits for the acknowledgement of `until`. */
async function send(
  requests: readonly IngestRequest[],
  until: bigint,
): Promise<{ acknowledged: bigint[]; error?: string }> {
  const client = createClient(IngestService, createGrpcTransport({ baseUrl: fixture.collector.url }));
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  async function* stream(): AsyncIterable<IngestRequest> {
    yield* requests;
    await finished;
  }
  const acknowledged: bigint[] = [];
  try {
    for await (const { committedSequence } of client.ingest(stream())) {
      acknowledged.push(committedSequence);
      if (committedSequence >= until) finish();
    }
    return { acknowledged };
  } catch (error) {
    return { acknowledged, error: (error as Error).message };
  } finally {
    finish();
  }
}

async function namesStored(): Promise<string[]> {
  const response = await fetch(`${fixture.collector.url}/v1/dns?fields=query_name&order_by=query_name&page_size=1000`);
  return ((await response.json()) as { data: { query_name: string }[] }).data.map((row) => row.query_name);
}

describe("the ingest stream", () => {
  it("acknowledges what is committed, and takes a session up where it stood", async () => {
    const session = randomBytes(16);
    expect(await send([open(session), rowsBatch(1n, "a.one", "a.two"), rowsBatch(2n, "a.three")], 2n)).toEqual({
      acknowledged: expect.arrayContaining([0n, 2n]),
    });
    const again = await send([open(session), rowsBatch(2n, "a.three"), rowsBatch(3n, "a.four")], 3n);
    expect(again.acknowledged).toEqual([2n, 3n]);
    expect((await namesStored()).filter((name) => name.startsWith("a."))).toEqual([
      "a.four",
      "a.one",
      "a.three",
      "a.two",
    ]);
    const agent = await fixture.store.findAgent("probe-1");
    expect(agent).toMatchObject({ hostname: "host", rowCount: 4n, counters: { "kernel.dropped": 3n } });
  });

  const good = (): IngestRequest => rowsBatch(1n, `b.${randomBytes(4).toString("hex")}`);
  const segment = dnsSegment([{ queryName: "c.never" }]);

  it.each<[string, () => IngestRequest, RegExp]>([
    [
      "rows cut short",
      () => batch({ sequence: 2n, segments: [{ eventType: DNS, count: 1, rows: segment.rows.slice(0, -1) }] }),
      /^\[invalid_argument\] batch 2: a segment of wireloom\.dns\.v1\.Dns cannot be read: .*longer than what holds it/,
    ],
    [
      "rows that break inside",
      () => batch({ sequence: 2n, segments: [{ eventType: DNS, count: 1, rows: Uint8Array.of(10, 2, 10, 99) }] }),
      /^\[invalid_argument\] batch 2: a segment of wireloom\.dns\.v1\.Dns cannot be read: /,
    ],
    [
      "text that is not UTF-8",
      () =>
        batch({
          sequence: 2n,
          segments: [{ eventType: DNS, count: 1, rows: Uint8Array.of(10, 5, 0x92, 1, 2, 0xc3, 0x28) }],
        }),
      /^\[invalid_argument\] batch 2: .*UTF-8/,
    ],
    [
      "a wrong count",
      () => batch({ sequence: 2n, segments: [{ eventType: DNS, count: 2, rows: segment.rows }] }),
      /^\[invalid_argument\] batch 2: a segment of wireloom\.dns\.v1\.Dns says 2 rows and holds 1$/,
    ],
    [
      "an unknown event",
      () => batch({ sequence: 2n, segments: [{ eventType: "wireloom.dns.v2.Dns", count: 1, rows: segment.rows }] }),
      /^\[invalid_argument\] batch 2: this collector has no event "wireloom\.dns\.v2\.Dns"; the nearest is "wireloom\.dns\.v1\.Dns"$/,
    ],
    [
      "a gap",
      () => rowsBatch(4n, "c.never"),
      /^\[invalid_argument\] batch 4 follows batch 1; send every batch in order$/,
    ],
    [
      "another opening",
      () => open(randomBytes(16)),
      /^\[invalid_argument\] a request on an open session carries no batch$/,
    ],
  ])("refuses %s and keeps the batches before", async (_, bad, message) => {
    const before = await namesStored();
    const result = await send([open(randomBytes(16)), good(), bad()], 99n);
    expect(result.error).toMatch(message);
    expect(result.acknowledged).toEqual([0n, 1n]);
    const after = await namesStored();
    expect(after).toHaveLength(before.length + 1);
    expect(after).not.toContain("c.never");
    expect(fixture.logged).toEqual([]);
  });

  it.each<[string, IngestRequest, string]>([
    [
      "a batch",
      rowsBatch(1n, "c.never"),
      "[invalid_argument] the stream begins without opening a session; send SessionOpen first",
    ],
    ["no agent", open(randomBytes(16), ""), '[invalid_argument] agent_id: "" is not a name of 1 to 255 bytes'],
    ["a short session id", open(randomBytes(3)), "[invalid_argument] session_id: 3 bytes are given, 16 are expected"],
  ])("refuses to begin with %s", async (_, first, message) => {
    expect((await send([first], 99n)).error).toBe(message);
  });

  it("refuses a message that is too large", async () => {
    const rows = new Uint8Array(9 << 20);
    const result = await send(
      [open(randomBytes(16)), batch({ sequence: 1n, segments: [{ eventType: DNS, count: 1, rows }] })],
      99n,
    );
    expect(result.error).toMatch(/^\[resource_exhausted\]/);
  });

  it("goes on with a session on its newest stream", async () => {
    const session = randomBytes(16);
    const first = send([open(session), rowsBatch(1n, "d.one")], 99n);
    await expect.poll(namesStored).toContain("d.one");
    const second = await send([open(session), rowsBatch(2n, "d.two")], 2n);
    expect(second.acknowledged).toEqual([1n, 2n]);
    expect(await Promise.race([first, "still open"])).toBe("still open");
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
