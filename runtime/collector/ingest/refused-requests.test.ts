import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IngestRequest, IngestRequestSchema } from "../../../generated/wireloom/v1/ingest_pb.js";
import { dnsRowGroup } from "../testing/collector.js";
import { batch, DNS, type IngestFixture, open, rowsBatch, startIngest } from "./testing/ingest.js";

let fixture: IngestFixture;

beforeAll(async () => {
  fixture = await startIngest();
});

afterAll(() => fixture.close());

describe("the ingest stream", () => {
  const dnsRows = dnsRowGroup([{ queryName: "c.never" }]).rows;
  const emptyRows = (count: number): Uint8Array => {
    const rows = new Uint8Array(count * 2);
    for (let i = 0; i < count; i++) rows[i * 2] = 10;
    return rows;
  };

  it.each<[string, { eventType: string; count: number; rows: Uint8Array }, string, RegExp]>([
    [
      "rows cut short",
      { eventType: DNS, count: 1, rows: dnsRows.slice(0, -1) },
      "malformed_row_group",
      /^a row group of wireloom\.dns\.v1\.Dns cannot be read: .*longer than what holds it/,
    ],
    [
      "rows that break inside",
      { eventType: DNS, count: 1, rows: Uint8Array.of(10, 2, 10, 99) },
      "malformed_row_group",
      /^a row group of wireloom\.dns\.v1\.Dns cannot be read: /,
    ],
    [
      "text that is not UTF-8",
      { eventType: DNS, count: 1, rows: Uint8Array.of(10, 5, 0x92, 1, 2, 0xc3, 0x28) },
      "malformed_row_group",
      /UTF-8/,
    ],
    [
      "a wrong count",
      { eventType: DNS, count: 2, rows: dnsRows },
      "malformed_row_group",
      /^a row group of wireloom\.dns\.v1\.Dns declares 2 rows but contains 1$/,
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
      /^a row group of wireloom\.dns\.v1\.Dns has 100001 rows; a batch has at most 100000, all row groups together$/,
    ],
    [
      "more rows than it declares",
      { eventType: DNS, count: 1, rows: emptyRows(2_000_000) },
      "malformed_row_group",
      /contains more$/,
    ],
  ])("omits %s, and stores the rest of the batch", async (_, bad, code, message) => {
    const before = await fixture.namesStored();
    const tag = randomBytes(4).toString("hex");
    const good = dnsRowGroup([{ queryName: `b.${tag}` }]);
    const result = await fixture.send(
      [
        open(randomBytes(16)),
        rowsBatch(1n, `a.${tag}`),
        batch({ sequence: 2n, rowGroups: [{ eventType: DNS, count: 1, rows: good.rows }, bad] }),
        rowsBatch(3n, `c.${tag}`),
      ],
      3n,
    );
    expect(result.error).toBeUndefined();
    expect(result.refused).toEqual([
      { sequence: 2n, eventType: bad.eventType, rows: bad.count, code, message: expect.stringMatching(message) },
    ]);
    const after = (await fixture.namesStored()).filter((name) => !before.includes(name));
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
      "too many row groups",
      () => batch({ sequence: 2n, rowGroups: Array.from({ length: 257 }, () => ({ eventType: DNS, count: 0 })) }),
      /^\[invalid_argument\] batch 2: 257 row groups are given, at most 256 are taken$/,
    ],
  ])("refuses %s and keeps the preceding batches", async (_, bad, message) => {
    const before = await fixture.namesStored();
    const good = rowsBatch(1n, `b.${randomBytes(4).toString("hex")}`);
    const result = await fixture.send([open(randomBytes(16)), good, bad()], 99n);
    expect(result.error).toMatch(message);
    expect(result.acknowledged).toEqual([0n, 1n]);
    const after = await fixture.namesStored();
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
    expect((await fixture.send([first], 99n)).error).toBe(`[invalid_argument] ${message}`);
  });

  it("refuses a message that is too large", async () => {
    const rows = new Uint8Array(9 << 20);
    const result = await fixture.send(
      [open(randomBytes(16)), batch({ sequence: 1n, rowGroups: [{ eventType: DNS, count: 1, rows }] })],
      99n,
    );
    expect(result.error).toMatch(/^\[resource_exhausted\]/);
  });
});
