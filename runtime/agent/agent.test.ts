import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { openCaptureFile } from "../capture/capture-file.js";
import type { PacketSource } from "../capture/packet-source.js";
import { readPackets } from "../capture/testing/read-packets.js";
import { type CollectorFixture, startFixture } from "../collector/testing/collector.js";
import { defaultLimits, limitsFrom } from "../engine/engine-limits.js";
import { Pipeline } from "../engine/pipeline.js";
import { IngestLimits } from "../ingest-limits.js";
import { nodeCryptography } from "../node/node-cryptography.js";
import { findPlugin } from "../plugin/testing/decode-rows.js";
import { udpFrame } from "../plugin/testing/udp-frame.js";
import { runAgent } from "./agent.js";
import type { RowGroupInput } from "./batch-sink.js";
import { packetsSource, type TimedFrame } from "./testing/packets.js";
import { newUplink } from "./testing/uplink.js";
import type { Uplink } from "./uplink.js";

const { plugins } = registry;
const FIRST_TIME = 1_767_225_600_000_000_000n;
const HOUR = 3_600_000_000_000n;

let fixture: CollectorFixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.close());

/** The packets of real captures, over and over, each time an hour later. */
async function realTraffic(repetitions: number): Promise<TimedFrame[]> {
  const once: TimedFrame[] = [];
  for (const path of [
    "dns/captures/record-types",
    "tls/captures/web",
    "flow/captures/web",
    "http/captures/pipelined",
    "dhcp/captures/crowded",
    "arp/captures/conflict",
  ]) {
    const source = await openCaptureFile(`plugins/${path}.pcap`);
    const packets = await readPackets(source);
    await source.close();
    const start = packets[0]!.time;
    for (const { hex, time } of packets) once.push({ bytes: Buffer.from(hex, "hex"), time: FIRST_TIME + time - start });
  }
  return Array.from({ length: repetitions }, (_, i) =>
    once.map(({ bytes, time }) => ({ bytes, time: time + BigInt(i) * HOUR })),
  ).flat();
}

async function* only(source: PacketSource): AsyncGenerator<PacketSource> {
  yield source;
}

interface Run {
  readonly source: PacketSource;
  readonly send: (rowGroups: readonly RowGroupInput[]) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly limits?: ReadonlyMap<string, number>;
  readonly loaded?: typeof plugins;
}

function run({ source, send, signal = new AbortController().signal, limits = new Map(), loaded = plugins }: Run) {
  return runAgent({
    plugins: loaded,
    sources: only(source),
    sink: {
      countersFrom: () => undefined,
      refuseRow: (eventType) => expect.unreachable(`a row of ${eventType} was refused`),
      send,
      drain: async () => undefined,
      close: async () => undefined,
    },
    limits: limitsFrom(limits),
    verifiesChecksums: false,
    memoryMiB: 4096,
    settings: new Map(),
    session: 1234,
    signal,
    isLive: false,
    isRepeatable: true,
    onProblem: (problem) => expect.unreachable(problem.message),
  });
}

function textOf(rowGroups: readonly RowGroupInput[]): string {
  return rowGroups.map(({ eventType, rows }) => `${eventType} ${Buffer.from(rows).toString("base64")}`).join();
}

/** Each batch as the text of its row groups, so that two runs can be compared. */
async function batchesOf(frames: readonly TimedFrame[], nextSize: () => number): Promise<string[]> {
  const batches: string[] = [];
  await run({
    source: packetsSource(frames, nextSize),
    async send(rowGroups) {
      const bytes = rowGroups.reduce((sum, { rows }) => sum + rows.length, 0);
      expect(bytes).toBeLessThanOrEqual(IngestLimits.batchBytes);
      batches.push(textOf(rowGroups));
    },
  });
  return batches;
}

describe("an agent of files", () => {
  it("makes the same batches however its source reads", async () => {
    const frames = await realTraffic(100);
    const expected = await batchesOf(frames, () => 4096);
    expect(expected.length).toBeGreaterThan(3);
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 4096 })), async (sizes) => {
        const batches = await batchesOf(frames, () => sizes.next().value as number);
        expect(batches.length).toBe(expected.length);
        for (const [i, batch] of batches.entries()) expect(batch === expected[i], `batch ${i + 1}`).toBe(true);
      }),
      { numRuns: 4 },
    );
  });

  it("stores each row once when it ended early anywhere and is run again", async () => {
    const frames = await realTraffic(100);
    const pipeline = new Pipeline(plugins, { cryptography: nodeCryptography, session: 0 });
    const source = packetsSource(frames);
    for (;;) {
      const batch = await source.read(new AbortController().signal);
      if (batch === null) break;
      pipeline.process(batch, source.interfaces);
    }
    pipeline.finish();
    const expected = new Map(plugins.map(({ table }, i) => [table.resource, pipeline.waitingRows(i)]));
    expect(expected.get("dns")).toBeGreaterThan(1000);

    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 }), async (ends) => {
        const agentId = `reader-${++runs}`;
        const sessionId = randomBytes(16);
        for (const end of ends) await readInto(agentId, sessionId, frames, end);
        await readInto(agentId, sessionId, frames, undefined);
        for (const [resource, rows] of expected) {
          const ids = await idsOf(agentId, resource);
          expect(ids.length).toBe(rows);
          expect(new Set(ids).size).toBe(rows);
        }
      }),
      { numRuns: 4 },
    );
  });

  it("leaves what is not in a batch to the next run, whichever batch it is interrupted after", async () => {
    const frames = await realTraffic(100);
    const expected = await batchesOf(frames, () => 512);
    expect(expected.length).toBeGreaterThan(3);
    for (let last = 1; last < expected.length; last++) {
      const abort = new AbortController();
      const sent: string[] = [];
      const summary = await run({
        source: packetsSource(frames, () => 512),
        signal: abort.signal,
        async send(rowGroups) {
          if (sent.push(textOf(rowGroups)) === last) abort.abort();
        },
      });
      expect(summary.isInterrupted).toBe(true);
      expect(sent.length).toBe(last);
      for (const [i, batch] of sent.entries()) expect(batch === expected[i], `batch ${i + 1} of ${last}`).toBe(true);
    }
  });
});

describe("an input whose end closes many conversations at once", () => {
  it("is cut into batches that a collector takes", async () => {
    const count = 70_000;
    const flow = findPlugin(plugins, "flow");
    const frames = Array.from({ length: count }, (_, i) => ({
      bytes: udpFrame(Uint8Array.of(1, 2, 3), {
        srcAddress: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
        srcPort: 5000,
        dstPort: 6000,
      }),
      time: FIRST_TIME + BigInt(i) * 1000n,
    }));
    const uplink = startUplink("burst", randomBytes(16));
    let batches = 0;
    await run({
      loaded: [flow],
      limits: new Map([["conversations", 131_072]]),
      source: packetsSource(frames),
      async send(rowGroups) {
        batches++;
        const bytes = rowGroups.reduce((sum, { rows }) => sum + rows.length, 0);
        expect(bytes).toBeLessThanOrEqual(IngestLimits.batchBytes);
        await uplink.send(rowGroups);
      },
    });
    await uplink.drain();
    await uplink.close();
    expect(batches).toBeGreaterThan(5);
    expect(new Set(await idsOf("burst", "flow")).size).toBe(count);
  });
});

function startUplink(agentId: string, sessionId: Uint8Array): Uplink {
  return newUplink({
    url: fixture.collector.url,
    agentId,
    sessionId,
    resources: new Map(plugins.map(({ table }) => [table.eventType, table.resource])),
    maxWaitingBytes: defaultLimits.uplink_bytes,
    giveUpAfterMs: 60_000,
  });
}

/** Reads the frames into the collector, up to the batch that is no longer sent. */
async function readInto(
  agentId: string,
  sessionId: Uint8Array,
  frames: readonly TimedFrame[],
  end: number | undefined,
): Promise<void> {
  const uplink = startUplink(agentId, sessionId);
  let batches = 0;
  const ended = new Error("the agent is ended here");
  try {
    await run({
      source: packetsSource(frames),
      async send(rowGroups) {
        if (batches++ === end) throw ended;
        await uplink.send(rowGroups);
      },
    });
    await uplink.drain();
  } catch (error) {
    if (error !== ended) throw error;
  } finally {
    await uplink.close();
  }
}

async function idsOf(agentId: string, resource: string): Promise<string[]> {
  const { table } = fixture.store.events.find((event) => event.table.resource === resource)!;
  const id = table.columns.find((column) => column.name === "id")!;
  const agent = table.columns.find((column) => column.name === "agent_id")!;
  const rows = await fixture.store.selectRows({
    table,
    columns: [id, agent],
    filters: [],
    orderBy: [{ column: id, isDescending: false }],
  });
  return rows.filter((row) => row[1] === agentId).map((row) => String(row[0]));
}
