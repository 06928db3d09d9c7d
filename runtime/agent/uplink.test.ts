import { randomBytes } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Http2Server } from "node:http2";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { afterEach, describe, expect, it } from "vitest";
import {
  type IngestRequest,
  type IngestResponse,
  IngestResponseSchema,
  IngestService,
} from "../../generated/wireloom/v1/ingest_pb.js";
import { dnsSegment, startFixture } from "../collector/collector-fixture.js";
import type { Uplink } from "./uplink.js";
import { newUplink } from "./uplink-fixture.js";
import type { UplinkOptions } from "./uplink-options.js";

const DNS = "wireloom.dns.v1.Dns";
const NTP = "wireloom.ntp.v1.Ntp";
const RESOURCES = new Map([
  [DNS, "dns"],
  [NTP, "ntp"],
]);

let server: Http2Server | undefined;

afterEach(async () => {
  await new Promise<void>((resolve) => {
    if (server === undefined) resolve();
    else server.close(() => resolve());
  });
  server = undefined;
});

type Handler = (requests: AsyncIterable<IngestRequest>) => AsyncIterable<IngestResponse>;

/** A collector that another program might be: with a limit of its own for messages, and this handler. */
async function startServer(ingest: Handler, readMaxBytes = 8 << 20): Promise<string> {
  const listener = connectNodeAdapter({
    readMaxBytes,
    routes: (router) => {
      router.service(IngestService, { ingest });
    },
  });
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

/** Keeps the batches of every session in memory, as a collector keeps them in its database. */
class MemoryCollector {
  readonly batches: { sequence: bigint; bytes: number; rows: number }[] = [];
  readonly counters = new Map<string, bigint>();
  streams = 0;
  hasEnded = false;

  async *ingest(requests: AsyncIterable<IngestRequest>): AsyncIterable<IngestResponse> {
    this.streams++;
    for await (const { content } of requests) {
      if (content.case === "batch") {
        const { sequence, segments } = content.value;
        if (sequence <= this.committed) continue;
        this.refuse(sequence, segments[0]?.rows[0]);
        this.batches.push({
          sequence,
          bytes: segments.reduce((sum, { rows }) => sum + rows.length, 0),
          rows: segments.reduce((sum, { count }) => sum + count, 0),
        });
      }
      if (content.case === "report") {
        for (const { name, value } of content.value.counters) this.counters.set(name, value);
        this.hasEnded = content.value.ended;
      }
      yield create(IngestResponseSchema, { committedSequence: this.committed });
    }
  }

  get committed(): bigint {
    return this.batches.at(-1)?.sequence ?? 0n;
  }

  refuse(_sequence: bigint, _firstByte: number | undefined): void {}
}

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
        const { sequence, segments } = content.value;
        if (sequence > BigInt(batches().length + 1)) throw new ConnectError("a gap", Code.FailedPrecondition);
        const rows = segments.reduce((sum, { count }) => sum + count, 0);
        if (sequence > batches().length) batches().push({ sequence, rows });
      }
      yield create(IngestResponseSchema, { committedSequence: BigInt(batches().length) });
    }
  }

  /** Sequence and rows of every stored batch, session after session. */
  get stored(): [bigint, number][] {
    return [...this.sessions.values()].flat().map(({ sequence, rows }) => [sequence, rows]);
  }

  /** Keeps so many batches of each session and ends the stream. */
  restore(batches: number): void {
    for (const session of this.sessions.values()) session.splice(batches);
    this.#disconnect(new ConnectError("restarted", Code.Unavailable));
  }
}

/** Sends batches of these numbers of rows. */
async function sendBatches(uplink: Uplink, ...rows: number[]): Promise<void> {
  for (const count of rows) await uplink.send([segment(10, count)]);
}

function startUplink(url: string, said: string[], options: Partial<UplinkOptions> = {}): Uplink {
  const onState = (message: string) => said.push(message);
  return newUplink({ url, resources: RESOURCES, giveUpAfterMs: 60_000, onState, ...options });
}

const segment = (bytes: number, count: number, eventType = DNS, fill = 0) => ({
  eventType,
  count,
  rows: new Uint8Array(bytes).fill(fill),
});

function segmentOf(queryName: string) {
  const { count, rows } = dnsSegment([{ queryName, observation: { id: randomBytes(16) } }]);
  return { eventType: DNS, count, rows };
}

describe("a batch that the transport refuses", () => {
  it("is found among others, set aside and counted, and the others arrive in order", async () => {
    const collector = new MemoryCollector();
    const url = await startServer((requests) => collector.ingest(requests), 64 << 10);
    const said: string[] = [];
    const uplink = startUplink(url, said);
    uplink.countersFrom(() => new Map([["capture.packets", 7]]));
    for (let i = 1; i <= 9; i++) {
      const isTooLarge = i === 4 || i === 9;
      await uplink.send([segment(isTooLarge ? 100_000 : 1000, i), segment(10, 1, NTP)]);
    }
    await uplink.drain();
    await uplink.close();
    expect(collector.batches.map(({ sequence, rows }) => [sequence, rows])).toEqual([
      [1n, 2],
      [2n, 3],
      [3n, 4],
      [4n, 0],
      [5n, 6],
      [6n, 7],
      [7n, 8],
      [8n, 9],
      [9n, 0],
    ]);
    expect(uplink.refused).toEqual([
      { resource: "dns", reason: "resource_exhausted", rows: 13 },
      { resource: "ntp", reason: "resource_exhausted", rows: 2 },
    ]);
    expect(collector.counters.get("dns.refused_rows.resource_exhausted")).toBe(13n);
    expect(collector.counters.get("uplink.refused_rows")).toBe(15n);
    expect(collector.counters.get("capture.packets")).toBe(7n);
    expect(collector.hasEnded).toBe(true);
    expect(said.filter((message) => message.includes("rows were refused"))).toHaveLength(2);
    // Each refusal costs a few streams, not one after the other without end.
    expect(collector.streams).toBeLessThan(10);
  });

  it("is set aside when the collector calls it invalid", async () => {
    const collector = new MemoryCollector();
    collector.refuse = (_, firstByte) => {
      if (firstByte === 9) throw new ConnectError("no such rows", Code.InvalidArgument);
    };
    const url = await startServer((requests) => collector.ingest(requests));
    const uplink = startUplink(url, []);
    await uplink.send([segment(10, 1)]);
    await uplink.send([segment(10, 2, DNS, 9)]);
    await uplink.send([segment(10, 3)]);
    await uplink.drain();
    await uplink.close();
    expect(collector.batches.map(({ rows }) => rows)).toEqual([1, 0, 3]);
    expect(uplink.refused).toEqual([{ resource: "dns", reason: "invalid_argument", rows: 2 }]);
  });
});

describe("a collector", () => {
  it.each([
    ["unauthenticated", Code.Unauthenticated],
    ["permission_denied", Code.PermissionDenied],
    ["unimplemented", Code.Unimplemented],
  ])("that responds with %s ends the agent", async (_, code) => {
    // biome-ignore lint/correctness/useYield: it fails before it responds.
    const url = await startServer(async function* () {
      throw new ConnectError("not you", code);
    });
    const uplink = startUplink(url, [], { giveUpAfterMs: undefined });
    await uplink.send([segment(10, 1)]);
    await expect(uplink.drain()).rejects.toThrow(`the collector at ${url} refused the rows: not you`);
    await uplink.close();
  });

  it.each([
    ["forgot a session", 0],
    ["holds a part of a session", 3],
  ])("that %s gets all of the rest in a new one", async (_, held) => {
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

  it("that loses batches which this run has not passed over yet gets them again", async () => {
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
    await expect.poll(() => said).toContain(`connected to ${url}`);
    await sendBatches(uplink, 3, 4, 5, 6);
    await uplink.drain();
    await uplink.close();
    expect(collector.stored.map(([, rows]) => rows)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("reports again what it refused when the connection broke before the agent heard of it, once", async () => {
    const fixture = await startFixture();
    const { port } = fixture.collector.address;
    let isHeard = true;
    const sockets: Socket[] = [];
    const relay = createTcpServer((agent) => {
      const collector = connect({ port, host: "127.0.0.1" });
      sockets.push(agent, collector);
      for (const socket of [agent, collector]) socket.on("error", () => undefined);
      agent.on("data", (data) => collector.write(data));
      collector.on("data", (data) => isHeard && agent.write(data));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => relay.once("listening", resolve));
    const uplink = startUplink(`http://127.0.0.1:${(relay.address() as AddressInfo).port}`, []);
    uplink.countersFrom(() => new Map());
    const batch = (bad: number) => {
      const { count, rows } = dnsSegment([{ queryName: "good.example", observation: { id: randomBytes(16) } }]);
      return [
        { eventType: DNS, count, rows },
        { eventType: NTP, count: bad, rows: Uint8Array.of(10, 2, 10, 99) },
      ];
    };
    const breakOff = () => {
      for (const socket of sockets.splice(0)) socket.destroy();
    };
    await uplink.send(batch(5));
    await uplink.drain();
    const refusedRows = () => uplink.refused.reduce((sum, { rows }) => sum + rows, 0);
    expect(refusedRows()).toBe(5);
    // Two batches are committed, and nothing of it reaches the agent.
    isHeard = false;
    await uplink.send(batch(6));
    await uplink.send(batch(7));
    await expect.poll(async () => (await fixture.store.findAgent("probe"))?.rowCount).toBe(3n);
    expect(refusedRows()).toBe(5);
    isHeard = true;
    breakOff();
    await uplink.drain();
    expect(refusedRows()).toBe(18);
    // What the agent has heard of is not reported again.
    breakOff();
    await uplink.send(batch(8));
    await uplink.drain();
    expect(uplink.refused).toEqual([{ resource: "ntp", reason: "malformed_segment", rows: 26 }]);
    await uplink.close();
    relay.close();
    await fixture.close();
  });

  it("refuses a segment beside good ones, and the agent counts it and continues", async () => {
    const fixture = await startFixture();
    const said: string[] = [];
    const uplink = startUplink(fixture.collector.url, said);
    uplink.countersFrom(() => new Map());
    const good = () => {
      const { count, rows } = dnsSegment([{ queryName: "good.example", observation: { id: randomBytes(16) } }]);
      return { eventType: DNS, count, rows };
    };
    await uplink.send([good(), { eventType: NTP, count: 5, rows: Uint8Array.of(10, 2, 10, 99) }]);
    await uplink.send([good(), { eventType: NTP, count: 6, rows: Uint8Array.of(10, 2, 10, 99) }]);
    await uplink.send([good()]);
    await uplink.drain();
    expect(uplink.refused).toEqual([{ resource: "ntp", reason: "malformed_segment", rows: 11 }]);
    expect(said).toEqual([expect.stringMatching(/^5 ntp rows were refused \(malformed_segment\): a segment of /)]);
    await uplink.close();
    await expect
      .poll(async () => (await fixture.store.findAgent("probe"))?.counters["ntp.refused_rows.malformed_segment"])
      .toBe(11n);
    expect(await fixture.store.findAgent("probe")).toMatchObject({ rowCount: 3n, state: "ended" });
    await fixture.close();
  });
});

describe("a second agent of one id", () => {
  it("is told so, and both hear of it; it connects once the first has ended", async () => {
    const fixture = await startFixture();
    const firstSaid: string[] = [];
    const secondSaid: string[] = [];
    const first = startUplink(fixture.collector.url, firstSaid);
    await first.send([segmentOf("one.example")]);
    await first.drain();
    const second = startUplink(fixture.collector.url, secondSaid);
    await second.send([segmentOf("two.example")]);
    await expect
      .poll(() => secondSaid)
      .toEqual([
        expect.stringMatching(
          /refused this agent: an agent with the id probe is connected, from host .* since .*Z; give this one another name with --id; trying again$/,
        ),
      ]);
    await expect
      .poll(() => firstSaid)
      .toEqual([
        expect.stringMatching(
          /^the collector says: another agent with the id probe, on host .*, was refused; give it another name with --id$/,
        ),
      ]);
    await first.close();
    await second.drain();
    await second.close();
    expect(await fixture.store.findAgent("probe")).toMatchObject({ rowCount: 2n });
    await fixture.close();
  });
});

describe("an uplink whose collector is away", () => {
  it("gives up after the time in which every attempt failed", async () => {
    const uplink = startUplink("http://127.0.0.1:1", [], { giveUpAfterMs: 500 });
    await uplink.send([segment(10, 1)]);
    await expect(uplink.drain()).rejects.toThrow(/cannot be reached .*; start one with `wireloom collector`/);
    await uplink.close();
  });

  it.each([
    ["an HTTP/1.1 server", () => createHttpServer((_, response) => response.end("hello"))],
    [
      "a program that greets and closes",
      () => createTcpServer((socket) => socket.resume().end("SSH-2.0-OpenSSH_9.2\r\n")),
    ],
    ["a program that closes", () => createTcpServer((socket) => socket.destroy())],
    ["a program that resets", () => createTcpServer((socket) => socket.resetAndDestroy())],
    ["a program that answers nonsense", () => createTcpServer((socket) => socket.resume().end(randomBytes(5000)))],
  ])("survives %s at its address, and gives up in time", async (_, create) => {
    const other = create();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    for (const [url, advice] of [
      [`http://127.0.0.1:${port}`, /cannot be reached .*; (check the address, or use https|start one with)/],
      [`https://127.0.0.1:${port}`, /cannot be reached .*; (use http:|check the address|start one with)/],
    ] as const) {
      const tls = url.startsWith("https") ? { tls: { ca: "" } } : {};
      const uplink = startUplink(url, [], { giveUpAfterMs: 500, ...tls });
      await uplink.send([segment(10, 1)]);
      await expect(uplink.drain()).rejects.toThrow(advice);
      await uplink.close();
    }
    await new Promise((resolve) => other.close(resolve));
  });

  it.each([
    ["an HTTP/1.1 server", () => createHttpServer((_, response) => response.writeHead(502).end("bad gateway"))],
    ["a program that closes", () => createTcpServer((socket) => socket.destroy())],
  ])("survives %s that takes the port of a collector that it was connected to", async (_, create) => {
    const first = await startFixture();
    const { url, address } = first.collector;
    const said: string[] = [];
    const uplink = startUplink(url, said, { giveUpAfterMs: undefined });
    await uplink.send([segmentOf("one.example")]);
    await uplink.drain();
    await first.close();
    const other = create();
    let attempts = 0;
    other.on("connection", () => attempts++);
    await new Promise<void>((resolve) => other.listen(address.port, address.host, resolve));
    await uplink.send([segmentOf("two.example")]);
    await expect.poll(() => said.join("\n"), { timeout: 10_000 }).toContain(`the collector at ${url} `);
    await expect.poll(() => attempts, { timeout: 10_000 }).toBeGreaterThan(1);
    expect(uplink.unacknowledged).toBe(1);
    await new Promise((resolve) => other.close(resolve));
    const second = await startFixture({ listen: `${address.host}:${address.port}` });
    // The second database does not have the first row: what is left goes into a new session.
    await uplink.drain();
    await uplink.close();
    expect(await second.store.findAgent("probe")).toMatchObject({ rowCount: 1n });
    await second.close();
  });

  it("gives up where sessions open and nothing is ever stored, and says how to go on", async () => {
    const url = await startServer(async function* (requests) {
      for await (const { content } of requests) {
        if (content.case === "batch") throw new ConnectError("the store failed", Code.Unavailable);
        yield create(IngestResponseSchema, { committedSequence: 0n });
      }
    });
    const uplink = startUplink(url, [], { giveUpAfterMs: 1000, isRepeatable: true });
    await uplink.send([segment(10, 1)]);
    await expect(uplink.drain()).rejects.toThrow(
      /was lost \(the store failed\); once it works, run the same command again to store the rest, each row once$/,
    );
    await uplink.close();
  });

  it("leaves no timer when it is closed while it waits for the next attempt", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const before = timers();
    const said: string[] = [];
    const uplink = startUplink("http://127.0.0.1:1", said, { giveUpAfterMs: undefined });
    // Without polling, which has timers of its own.
    while (said.length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(timers()).toBeGreaterThan(before);
    await uplink.close();
    expect(timers()).toBe(before);
  });

  it("ends every wait at its deadline, and names what is lost", async () => {
    const deadline = new AbortController();
    const uplink = startUplink("http://127.0.0.1:1", [], { maxWaitingBytes: 10, deadline: deadline.signal });
    await uplink.send([segment(100, 4)]);
    const blocked = uplink.send([segment(10, 1)]);
    const drained = uplink.drain();
    deadline.abort();
    const message = "4 rows were not committed by http://127.0.0.1:1 in time and are lost; check the collector";
    await expect(blocked).rejects.toThrow(message);
    await expect(drained).rejects.toThrow(message);
    await uplink.close();
    const again = startUplink("http://127.0.0.1:1", [], { deadline: deadline.signal, isRepeatable: true });
    await expect(again.send([segment(100, 4)]).then(() => again.drain())).rejects.toThrow(
      "in time; run the same command again to store the rest, each row once",
    );
    await again.close();
  });
});
