import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collectedEvents } from "../../../generated/collected-events.js";
import { randomEvents } from "../../../generated/testing/random-events.js";
import { BatchWriter } from "../../protobuf/batch-writer.js";
import { Random } from "../../record/testing/random.js";
import { rowFromColumns } from "../../schema/row-from-columns.js";
import type { Row } from "../../schema/value.js";
import type { IngestSegment } from "../ingest-store.js";
import { openStore } from "../open-store.js";
import type { Store } from "../store.js";

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "wireloom-store-"));
  store = await openStore(`duckdb:${folder}/test.duckdb`, collectedEvents);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const introduction = {
  agentId: "probe-1",
  sessionId: new Uint8Array(16).fill(7),
  hostname: "host",
  version: "1",
  labels: { site: "lab" },
};

function randomSegment(resource: string, count: number, seed: number): IngestSegment {
  const { codec, fillRandom } = randomEvents.find((event) => event.resource === resource)!;
  const random = new Random(seed);
  const writer = new BatchWriter();
  const record = codec.createRecord();
  for (let i = 0; i < count; i++) {
    record.reset();
    fillRandom(random, record);
    codec.encode(record, writer);
  }
  return { event: collectedEvents.find(({ table }) => table.resource === resource)!, count, rows: writer.take() };
}

/** The rows of a segment as the command line shows them, with the agent that the collector adds. */
function rowsOf({ event, rows }: IngestSegment, agentId: string): Row[] {
  const batch = event.codec.createColumns();
  const agentColumn = event.table.columns.findIndex((column) => column.name === "agent_id");
  const result: Row[] = [];
  for (let position = 0; position < rows.length; ) {
    position = event.codec.read(rows, position, rows.length, batch);
    for (let i = 0; i < batch.rowCount; i++) {
      result.push(rowFromColumns(event.table, batch, i).with(agentColumn, agentId));
    }
  }
  return result;
}

async function storedRows(resource: string): Promise<Row[]> {
  const { table } = collectedEvents.find((event) => event.table.resource === resource)!;
  const id = table.columns.find((column) => column.name === "id")!;
  return store.selectRows({
    table,
    columns: table.columns,
    filters: [],
    orderBy: [{ column: id, isDescending: false }],
  });
}

const byId = (left: Row, right: Row): number => (String(left[0]) < String(right[0]) ? -1 : 1);

describe("the DuckDB store", () => {
  it.each(randomEvents.map((event) => event.resource))(
    "gives back every value of %s as it was sent",
    async (resource) => {
      const session = await store.openSession(introduction);
      const segments = [
        randomSegment(resource, 3000, 1),
        randomSegment(resource, 1, 2),
        randomSegment(resource, 700, 3),
      ];
      await session.append({ sequence: 1n, segments, counters: new Map() });
      const expected = segments.flatMap((segment) => rowsOf(segment, "probe-1")).sort(byId);
      expect(await storedRows(resource)).toEqual(expected);
    },
  );

  it("keeps nothing of the sender's buffer", async () => {
    const session = await store.openSession(introduction);
    const segment = randomSegment("dns", 500, 4);
    const expected = rowsOf(segment, "probe-1").sort(byId);
    await session.append({ sequence: 1n, segments: [segment], counters: new Map() });
    segment.rows.fill(0xff);
    expect(await storedRows("dns")).toEqual(expected);
  });

  it("stores a batch sent twice once, over a restart too", async () => {
    const batch = {
      sequence: 1n,
      segments: [randomSegment("ntp", 10, 5)],
      counters: new Map([["kernel.dropped", 2n ** 60n + 1n]]),
    };
    const first = await store.openSession(introduction);
    await first.append(batch);
    await first.append(batch);
    const second = await store.openSession(introduction);
    expect(second.committedSequence).toBe(1n);
    await second.append(batch);
    second.close();
    await store.close();
    store = await openStore(`duckdb:${folder}/test.duckdb`, collectedEvents);
    const third = await store.openSession(introduction);
    expect(third.committedSequence).toBe(1n);
    await third.append(batch);
    expect(await storedRows("ntp")).toHaveLength(10);
    expect(await store.findAgent("probe-1")).toMatchObject({
      id: "probe-1",
      labels: { site: "lab" },
      rowCount: 10n,
      counters: { "kernel.dropped": 2n ** 60n + 1n },
    });
  });

  it("refuses a gap in the sequence and keeps what came before", async () => {
    const session = await store.openSession(introduction);
    const kept = session.append({ sequence: 1n, segments: [randomSegment("ntp", 3, 6)], counters: new Map() });
    await expect(
      session.append({ sequence: 3n, segments: [randomSegment("ntp", 3, 7)], counters: new Map() }),
    ).rejects.toThrow("batch 3 follows batch 1; send every batch in order");
    await kept;
    expect(await storedRows("ntp")).toHaveLength(3);
  });

  it("leaves out a malformed segment, and stores the rest of its batch and of every other session", async () => {
    const good = await store.openSession(introduction);
    const bad = await store.openSession({ ...introduction, agentId: "bad", sessionId: new Uint8Array(16).fill(8) });
    const broken = { ...randomSegment("dns", 1, 8), rows: Uint8Array.of(10, 2, 10, 99) };
    const results = await Promise.all([
      bad.append({ sequence: 1n, segments: [randomSegment("ntp", 5, 9)], counters: new Map() }),
      good.append({ sequence: 1n, segments: [randomSegment("ntp", 6, 10)], counters: new Map() }),
      bad.append({ sequence: 2n, segments: [randomSegment("ntp", 7, 11), broken], counters: new Map() }),
      bad.append({ sequence: 3n, segments: [randomSegment("ntp", 8, 12)], counters: new Map() }),
    ]);
    expect(results).toEqual([
      [],
      [],
      [
        {
          eventType: "wireloom.dns.v1.Dns",
          rows: 1,
          code: "malformed_segment",
          message: expect.stringMatching(/^a segment of wireloom\.dns\.v1\.Dns cannot be read: /),
        },
      ],
      [],
    ]);
    expect(await storedRows("ntp")).toHaveLength(26);
    expect(await storedRows("dns")).toHaveLength(0);
    // Of a sender of malformed segments the batches are read before they join others.
    expect(
      await bad.append({ sequence: 4n, segments: [broken, randomSegment("ntp", 1, 13)], counters: new Map() }),
    ).toMatchObject([{ code: "malformed_segment" }]);
    expect(await storedRows("ntp")).toHaveLength(27);
    bad.close();
    expect(
      (await store.openSession({ ...introduction, agentId: "bad", sessionId: new Uint8Array(16).fill(8) }))
        .committedSequence,
    ).toBe(4n);
  });

  it.each([
    [4, "contains 3"],
    [2, "contains more"],
  ])("leaves out a segment of 3 rows that declares %i", async (count, message) => {
    const session = await store.openSession(introduction);
    const segment = { ...randomSegment("ntp", 3, 13), count };
    const refused = await session.append({ sequence: 1n, segments: [segment], counters: new Map() });
    expect(refused).toMatchObject([{ rows: count, code: "malformed_segment" }]);
    expect(refused[0]!.message).toBe(`a segment of wireloom.ntp.v1.Ntp declares ${count} rows but ${message}`);
    expect(await storedRows("ntp")).toHaveLength(0);
  });

  it("commits what is queued when it closes", async () => {
    const session = await store.openSession(introduction);
    const appended = session.append({ sequence: 1n, segments: [randomSegment("flow", 3, 14)], counters: new Map() });
    await store.close();
    await appended;
    store = await openStore(`duckdb:${folder}/test.duckdb`, collectedEvents);
    expect(await storedRows("flow")).toHaveLength(3);
  });
});
