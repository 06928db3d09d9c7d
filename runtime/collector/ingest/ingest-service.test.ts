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
  type Refusal,
  ReportSchema,
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

function report(value: MessageInitShape<typeof ReportSchema>): IngestRequest {
  return create(IngestRequestSchema, { content: { case: "report", value: create(ReportSchema, value) } });
}

function rowsBatch(sequence: bigint, ...names: string[]): IngestRequest {
  const { count, rows } = dnsSegment(names.map((queryName) => ({ queryName })));
  return batch({
    sequence,
    segments: [{ eventType: DNS, count, rows }],
    counters: [{ name: "kernel.dropped", value: sequence }],
  });
}

/** What came back of a stream. */
interface Sent {
  readonly acknowledged: bigint[];
  readonly refused: Pick<Refusal, "sequence" | "eventType" | "rows" | "code" | "message">[];
  readonly notices: string[];
  readonly error?: string;
}

/** Sends the requests and, unless the collector ends the stream before, waits for the acknowledgement of `until`. */
async function send(requests: readonly IngestRequest[], until: bigint, onNotice?: () => void): Promise<Sent> {
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
  const refused: Sent["refused"] = [];
  const notices: string[] = [];
  try {
    for await (const response of client.ingest(stream())) {
      if (acknowledged.at(-1) !== response.committedSequence) acknowledged.push(response.committedSequence);
      for (const { sequence, eventType, rows, code, message } of response.refused)
        refused.push({ sequence, eventType, rows, code, message });
      if (response.notice !== "") notices.push(response.notice);
      if (response.notice !== "") onNotice?.();
      if (response.committedSequence >= until) finish();
    }
    return { acknowledged, refused, notices };
  } catch (error) {
    return { acknowledged, refused, notices, error: (error as Error).message };
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
    expect(await send([open(session), rowsBatch(1n, "a.one", "a.two"), rowsBatch(2n, "a.three")], 2n)).toMatchObject({
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

  const dnsRows = dnsSegment([{ queryName: "c.never" }]).rows;
  const emptyRows = (count: number): Uint8Array => {
    const rows = new Uint8Array(count * 2);
    for (let i = 0; i < count; i++) rows[i * 2] = 10;
    return rows;
  };

  it.each<[string, { eventType: string; count: number; rows: Uint8Array }, string, RegExp]>([
    [
      "rows cut short",
      { eventType: DNS, count: 1, rows: dnsRows.slice(0, -1) },
      "malformed_segment",
      /^a segment of wireloom\.dns\.v1\.Dns cannot be read: .*longer than what holds it/,
    ],
    [
      "rows that break inside",
      { eventType: DNS, count: 1, rows: Uint8Array.of(10, 2, 10, 99) },
      "malformed_segment",
      /^a segment of wireloom\.dns\.v1\.Dns cannot be read: /,
    ],
    [
      "text that is not UTF-8",
      { eventType: DNS, count: 1, rows: Uint8Array.of(10, 5, 0x92, 1, 2, 0xc3, 0x28) },
      "malformed_segment",
      /UTF-8/,
    ],
    [
      "a wrong count",
      { eventType: DNS, count: 2, rows: dnsRows },
      "malformed_segment",
      /^a segment of wireloom\.dns\.v1\.Dns declares 2 rows but contains 1$/,
    ],
    [
      "an unknown event",
      { eventType: "wireloom.dns.v2.Dns", count: 1, rows: dnsRows },
      "unknown_event",
      /^this collector has no event "wireloom\.dns\.v2\.Dns"; the nearest is "wireloom\.dns\.v1\.Dns"$/,
    ],
    [
      "more rows than a batch takes",
      { eventType: DNS, count: 100_001, rows: emptyRows(100_001) },
      "too_many_rows",
      /^a segment of wireloom\.dns\.v1\.Dns has 100001 rows; a batch has at most 100000, all segments together$/,
    ],
    [
      "more rows than it says",
      { eventType: DNS, count: 1, rows: emptyRows(2_000_000) },
      "malformed_segment",
      /contains more$/,
    ],
  ])("leaves out %s, and stores everything else of the batch", async (_, bad, code, message) => {
    const before = await namesStored();
    const tag = randomBytes(4).toString("hex");
    const good = dnsSegment([{ queryName: `b.${tag}` }]);
    const result = await send(
      [
        open(randomBytes(16)),
        rowsBatch(1n, `a.${tag}`),
        batch({ sequence: 2n, segments: [{ eventType: DNS, count: 1, rows: good.rows }, bad] }),
        rowsBatch(3n, `c.${tag}`),
      ],
      3n,
    );
    expect(result.error).toBeUndefined();
    expect(result.refused).toEqual([
      { sequence: 2n, eventType: bad.eventType, rows: bad.count, code, message: expect.stringMatching(message) },
    ]);
    const after = (await namesStored()).filter((name) => !before.includes(name));
    expect(after).toEqual([`a.${tag}`, `b.${tag}`, `c.${tag}`]);
    expect(fixture.logged).toEqual([]);
  });

  it.each<[string, () => IngestRequest, RegExp]>([
    [
      "a gap",
      () => rowsBatch(4n, "c.never"),
      /^\[invalid_argument\] batch 4 follows batch 1; send every batch in order$/,
    ],
    [
      "another opening",
      () => open(randomBytes(16)),
      /^\[invalid_argument\] a request on an open session carries neither a batch nor a report$/,
    ],
    [
      "a counter's name with control characters",
      () => batch({ sequence: 2n, counters: [{ name: "a\u001b[2J", value: 1n }] }),
      /^\[invalid_argument\] batch 2: the counter's name "a\\u001b\[2J" has control characters$/,
    ],
    [
      "too many segments",
      () => batch({ sequence: 2n, segments: Array.from({ length: 257 }, () => ({ eventType: DNS, count: 0 })) }),
      /^\[invalid_argument\] batch 2: 257 segments are given, at most 256 are taken$/,
    ],
  ])("refuses %s and keeps the batches before", async (_, bad, message) => {
    const before = await namesStored();
    const good = rowsBatch(1n, `b.${randomBytes(4).toString("hex")}`);
    const result = await send([open(randomBytes(16)), good, bad()], 99n);
    expect(result.error).toMatch(message);
    expect(result.acknowledged).toEqual([0n, 1n]);
    const after = await namesStored();
    expect(after).toHaveLength(before.length + 1);
    expect(after).not.toContain("c.never");
    expect(fixture.logged).toEqual([]);
  });

  const introduced = (value: object): IngestRequest =>
    create(IngestRequestSchema, {
      content: { case: "open", value: { agentId: "x", sessionId: randomBytes(16), ...value } },
    });

  it.each<[string, IngestRequest, string]>([
    ["a batch", rowsBatch(1n, "c.never"), "the stream begins without opening a session; send SessionOpen first"],
    ["no agent", open(randomBytes(16), ""), 'agent_id: "" is empty'],
    ["an agent that a path cannot name", introduced({ agentId: ".." }), 'agent_id: ".." cannot be a part of a path'],
    ["an agent called .", introduced({ agentId: "." }), 'agent_id: "." cannot be a part of a path'],
    [
      "a long agent id",
      introduced({ agentId: "é".repeat(128) }),
      `agent_id: "${"é".repeat(100)}…" is longer than 255 bytes`,
    ],
    ["a NUL in its id", introduced({ agentId: "a\0" }), 'agent_id: "a\\u0000" has control characters'],
    ["an escape in its id", introduced({ agentId: "\u001b[31m" }), 'agent_id: "\\u001b[31m" has control characters'],
    [
      "a line break in its host name",
      introduced({ hostname: "a\r\nb" }),
      'hostname: "a\\r\\nb" has control characters',
    ],
    ["a C1 control in its version", introduced({ version: "1\u009b" }), 'version: "1\u009b" has control characters'],
    [
      "a line separator in a label",
      introduced({ labels: { site: "a\u2028" } }),
      'labels: "a\u2028" has control characters',
    ],
    ["a short session id", open(randomBytes(3)), "session_id: 3 bytes are given, 16 are expected"],
  ])("refuses to begin with %s", async (_, first, message) => {
    expect((await send([first], 99n)).error).toBe(`[invalid_argument] ${message}`);
  });

  it("refuses a message that is too large", async () => {
    const rows = new Uint8Array(9 << 20);
    const result = await send(
      [open(randomBytes(16)), batch({ sequence: 1n, segments: [{ eventType: DNS, count: 1, rows }] })],
      99n,
    );
    expect(result.error).toMatch(/^\[resource_exhausted\]/);
  });

  it("does not give an agent another one's session, stored or open", async () => {
    const session = randomBytes(16);
    await send([open(session, "owner"), rowsBatch(1n, "f.one")], 1n);
    const thief = await send([open(session, "thief"), rowsBatch(2n, "f.stolen")], 2n);
    expect(thief.error).toBe(
      "[permission_denied] the session belongs to another agent; open one with a session id of its own",
    );
    const live = randomBytes(16);
    const owner = send([open(live, "owner"), rowsBatch(1n, "f.two")], 2n);
    await expect.poll(namesStored).toContain("f.two");
    expect((await send([open(live, "thief"), rowsBatch(2n, "f.stolen")], 2n)).error).toMatch(/^\[permission_denied\]/);
    expect(await namesStored()).not.toContain("f.stolen");
    expect(await Promise.race([owner, "still open"])).toBe("still open");
    const rest = await send([open(live, "owner"), rowsBatch(2n, "f.three")], 2n);
    expect(rest.acknowledged).toEqual([1n, 2n]);
    expect(await fixture.store.findAgent("thief")).toBeUndefined();
  });

  it("refuses a second session of a connected agent, with a word to both, until the first is over", async () => {
    const first = randomBytes(16);
    let hasNotice = false;
    const running = send([open(first, "twin"), rowsBatch(1n, "g.one")], 2n, () => {
      hasNotice = true;
    });
    await expect.poll(namesStored).toContain("g.one");
    const second = await send([open(randomBytes(16), "twin"), rowsBatch(1n, "g.two")], 1n);
    expect(second.error).toMatch(
      /^\[already_exists\] an agent with the id twin is connected, from host host since \d{4}-\d\d-\d\dT[\d:]+Z; give this one another name with --id$/,
    );
    await expect.poll(() => hasNotice).toBe(true);
    expect(fixture.events.filter((text) => String(text).includes("twin"))).toEqual([
      "agent twin on host host is connected",
      expect.stringMatching(
        /^agent twin on host host was refused: an agent with the id twin is connected, from host host since /,
      ),
    ]);
    expect(await fixture.store.findAgent("twin")).toMatchObject({ state: "connected", labels: { site: "lab" } });
    // The same session takes over, and when it is over another one is taken.
    await send([open(first, "twin"), rowsBatch(2n, "g.three")], 2n);
    expect((await running).notices).toEqual([
      "another agent with the id twin, on host host, was refused; give it another name with --id",
    ]);
    expect((await send([open(randomBytes(16), "twin"), rowsBatch(1n, "g.two")], 1n)).error).toBeUndefined();
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
    await expect.poll(namesStored).toContain("h.one");
    expect((await fixture.store.findAgent("broken"))!.state).toBe("connected");
    abort.abort();
    await expect(responses).rejects.toThrow();
    await expect.poll(async () => (await fixture.store.findAgent("broken"))!.state).toBe("gone");
  });

  it("writes nothing of a session that is only opened", async () => {
    const result = await send([open(randomBytes(16), "knocker")], 0n);
    expect(result.acknowledged).toEqual([0n]);
    expect(await fixture.store.findAgent("knocker")).toBeUndefined();
  });

  it("continues a session on its newest stream", async () => {
    const session = randomBytes(16);
    const first = send([open(session), rowsBatch(1n, "d.one")], 99n);
    await expect.poll(namesStored).toContain("d.one");
    const second = await send([open(session), rowsBatch(2n, "d.two")], 2n);
    expect(second.acknowledged).toEqual([1n, 2n]);
    expect((await first).error).toBe("[unavailable] the session was opened again on another stream");
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
