import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { collectedEvents } from "../../../generated/collected-events.js";
import { type Collector, startCollector } from "../../collector/server/start-collector.js";
import type { IngestSession, SessionIntroduction } from "../../store/ingest-store.js";
import { openStore } from "../../store/open-store.js";
import type { Store } from "../../store/store.js";
import { WireloomError } from "../../wireloom-error.js";
import type { SequencedBatch } from "../batch-queue.js";
import type { RowGroupInput } from "../batch-sink.js";
import type { RefusedRowGroup, SessionOpening, Transport, TransportSession } from "../transport.js";
import { TransportError } from "../transport-error.js";
import { NTP, rowGroup, rowGroupOf, startUplink } from "./dns-uplink.js";

const BATCH_BYTES = 256 << 10;
/** More than a transport and the collector have on the way while the store has no room. */
const MAX_UNDER_WAY = 100;
/** An agent that the store refuses, as one too many. */
const SURPLUS = "surplus";

/** What every transport does, tested against a collector with a real database. `connect` returns a transport to it. */
export function describeTransport(name: string, connect: (collector: Collector) => Transport): void {
  describe(name, () => {
    let fixture: Fixture;
    const start = async () => {
      fixture = await startFixture(connect);
      return fixture;
    };
    afterEach(() => fixture.close());

    it("opens a session, sends batches and receives what is committed", async () => {
      const { store, open } = await start();
      const { session, seen } = await open();
      await expect.poll(() => seen.committed).toEqual([0n]);
      await session.send(batch(1n, rowGroupOf("a.example")));
      await session.send(batch(2n, rowGroupOf("b.example")));
      await expect.poll(() => seen.committed.at(-1)).toBe(2n);
      expect(await store.findAgent("probe")).toMatchObject({
        state: "connected",
        hostname: "host",
        labels: { site: "lab" },
        rowCount: 2n,
        counters: { "capture.packets": 2n },
      });
    });

    it("continues a session that was broken off, and a batch that is sent again is not stored again", async () => {
      const { store, open } = await start();
      const sessionId = randomBytes(16);
      const first = await open({ sessionId });
      await first.session.send(batch(1n, rowGroupOf("a.example")));
      await expect.poll(() => first.seen.committed.at(-1)).toBe(1n);
      first.abort(new TransportError("unavailable", "the test ends it"));
      await expect(first.ended).rejects.toThrow("the test ends it");
      await expect(first.session.send(batch(2n))).rejects.toThrow("the test ends it");
      const second = await open({ sessionId, acknowledgedSequence: 1n });
      await expect.poll(() => second.seen.committed).toEqual([1n]);
      await second.session.send(batch(1n, rowGroupOf("a.example")));
      await second.session.send(batch(2n, rowGroupOf("b.example")));
      await expect.poll(() => second.seen.committed.at(-1)).toBe(2n);
      expect(await store.findAgent("probe")).toMatchObject({ rowCount: 2n });
    });

    it("reports row groups that are left out, with their reasons", async () => {
      const { open } = await start();
      const { session, seen } = await open();
      const malformed = { eventType: NTP, count: 5, rows: Uint8Array.of(10, 2, 10, 99) };
      await session.send(batch(1n, rowGroupOf("a.example"), malformed, rowGroup(10, 3, "no.such.Event")));
      await expect.poll(() => seen.committed.at(-1)).toBe(1n);
      const refused = seen.refused.map(({ eventType, rows, code }) => [eventType, rows, code]);
      expect(refused.sort()).toEqual([
        ["no.such.Event", 3, "unknown_event"],
        [NTP, 5, "malformed_row_group"],
      ]);
    });

    it.each<[string, Partial<SessionOpening>, string, RegExp]>([
      ["an id of another length", { sessionId: randomBytes(3) }, "invalid_argument", /^session_id: 3 bytes are given/],
      ["a control character", { hostname: "a\u0000b" }, "invalid_argument", /^hostname: /],
      ["one agent too many", { agentId: SURPLUS }, "resource_exhausted", /^too many$/],
    ])("rejects an introduction with %s", async (_, wrong, code, message) => {
      const { open } = await start();
      const error = await open(wrong).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TransportError);
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    });

    it("loses the session with a batch that does not follow the last one, after what came before it is committed", async () => {
      const { open } = await start();
      const { session, seen, ended } = await open();
      await session.send(batch(1n, rowGroupOf("a.example")));
      await session.send(batch(3n, rowGroupOf("c.example"))).catch(() => undefined);
      await expect(ended).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringMatching(/^batch 3 follows batch 1/),
      });
      expect(seen.committed.at(-1)).toBe(1n);
    });

    it("refuses a second session of an agent with a notice to the first, and another agent's session", async () => {
      const { open } = await start();
      const sessionId = randomBytes(16);
      const first = await open({ sessionId });
      await first.session.send(batch(1n, rowGroupOf("a.example")));
      await expect.poll(() => first.seen.committed.at(-1)).toBe(1n);
      await expect(open()).rejects.toMatchObject({
        code: "already_exists",
        message: expect.stringMatching(/^an agent with the id probe is connected/),
      });
      await expect(open({ agentId: "thief", sessionId })).rejects.toMatchObject({ code: "permission_denied" });
      await expect.poll(() => first.seen.notices).toEqual([expect.stringContaining("another agent with the id probe")]);
    });

    it("loses a session that is opened again elsewhere", async () => {
      const { open } = await start();
      const sessionId = randomBytes(16);
      const first = await open({ sessionId });
      const second = await open({ sessionId });
      await expect(first.ended).rejects.toMatchObject({
        code: "unavailable",
        message: "the session was opened again on another stream",
      });
      await expect(first.session.send(batch(1n))).rejects.toMatchObject({ code: "unavailable" });
      await second.session.send(batch(1n, rowGroupOf("a.example")));
      await expect.poll(() => second.seen.committed.at(-1)).toBe(1n);
    });

    it("acknowledges what it took before the collector closes, and opens no session afterwards", async () => {
      const { open, collector, store } = await start();
      const { session, seen, ended } = await open();
      await session.send(batch(1n, rowGroupOf("a.example")));
      // The collector has the batch, whose commit waits for company.
      await expect.poll(async () => (await store.findAgent("probe"))?.counters).toEqual({ "capture.packets": 1n });
      await collector.close();
      // Whether the session ends or is lost depends on the connection.
      await ended.catch((error: unknown) => expect(error).toMatchObject({ code: "unavailable" }));
      expect(seen.committed.at(-1)).toBe(1n);
      await expect(session.send(batch(2n))).rejects.toBeInstanceOf(TransportError);
      await expect(open()).rejects.toMatchObject({ code: "unavailable" });
    });

    it("ends after the agent's last report, when everything is acknowledged", async () => {
      const { open, store } = await start();
      const { session, seen, ended } = await open();
      await session.send(batch(1n, rowGroupOf("a.example")));
      await session.report({ counters: new Map([["capture.packets", 7]]), hasEnded: true });
      session.close();
      session.close();
      await ended;
      expect(seen.committed.at(-1)).toBe(1n);
      await expect
        .poll(() => store.findAgent("probe"))
        .toMatchObject({
          state: "ended",
          counters: { "capture.packets": 7n },
        });
      await expect(session.report({ counters: new Map(), hasEnded: true })).rejects.toBeInstanceOf(TransportError);
    });

    it("opens nothing where its signal has aborted, and the agent is gone when it does later", async () => {
      const { open, store } = await start();
      const reason = new TransportError("unavailable", "the test ends it");
      await expect(open({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const { session, abort } = await open();
      await session.report({ counters: new Map(), hasEnded: false });
      await expect.poll(async () => (await store.findAgent("probe"))?.state).toBe("connected");
      abort(reason);
      await expect.poll(async () => (await store.findAgent("probe"))?.state).toBe("gone");
    });

    it("makes its sender wait while the store has no room", async () => {
      const { open, gate } = await start();
      gate.close();
      const { session, seen } = await open();
      let sent = 0;
      const sending = (async () => {
        while (sent < 2 * MAX_UNDER_WAY)
          await session.send(batch(BigInt(++sent), rowGroup(BATCH_BYTES, 1, "no.such.Event")));
      })();
      let before = -1;
      while (before !== sent) {
        before = sent;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      expect(sent).toBeLessThan(MAX_UNDER_WAY);
      gate.open();
      await sending;
      await expect.poll(() => seen.committed.at(-1)).toBe(BigInt(2 * MAX_UNDER_WAY));
    });

    it("joined by an uplink stores each row once, however often the session breaks", async () => {
      const { transport, store } = await start();
      const breaking = new Set<AbortController>();
      const flaky: Transport = {
        collector: transport.collector,
        open(opening) {
          const ending = new AbortController();
          breaking.add(ending);
          return transport.open({ ...opening, signal: AbortSignal.any([opening.signal, ending.signal]) });
        },
      };
      const options = { transport: flaky, sessionId: randomBytes(16), isRepeatable: true };
      const said: string[] = [];
      const uplink = startUplink("", said, options);
      for (let i = 0; i < 40; i++) {
        await uplink.send([rowGroupOf(`${i}.example`)]);
        if (i % 10 !== 5) continue;
        await expect.poll(() => uplink.unacknowledged < 3).toBe(true);
        for (const ending of breaking) ending.abort(new TransportError("unavailable", "the test breaks it"));
      }
      await uplink.drain();
      await uplink.close();
      expect(said).toContain(`the connection to ${transport.collector} was lost (the test breaks it); trying again`);
      expect(said).toContain(`connected to ${transport.collector}`);
      const { table } = store.events.find((event) => event.table.resource === "dns")!;
      expect(await store.countRows(table, [])).toBe(40n);
      expect(await store.findAgent("probe")).toMatchObject({ state: "ended", rowCount: 40n });
      const again = startUplink("", [], options);
      for (let i = 0; i < 41; i++) await again.send([rowGroupOf(`${i}.example`)]);
      await again.drain();
      await again.close();
      expect(again.storedBefore).toBe(40n);
      expect(await store.countRows(table, [])).toBe(41n);
    });
  });
}

/** What was received in a session. */
interface Seen {
  readonly committed: bigint[];
  readonly refused: RefusedRowGroup[];
  readonly notices: string[];
}

interface OpenSession {
  readonly session: TransportSession;
  readonly seen: Seen;
  /** Settles as the responses do. */
  readonly ended: Promise<void>;
  abort(reason: TransportError): void;
}

interface Fixture {
  readonly collector: Collector;
  readonly store: Store;
  readonly transport: Transport;
  readonly gate: Gate;
  open(opening?: Partial<SessionOpening>): Promise<OpenSession>;
  close(): Promise<void>;
}

async function startFixture(connect: (collector: Collector) => Transport): Promise<Fixture> {
  const gate = new Gate();
  const store = await openStore("duckdb::memory:", collectedEvents);
  const log = () => undefined;
  const collector = await startCollector({ listen: "127.0.0.1:0", store: gatedStore(store, gate), version: "0", log });
  const transport = connect(collector);
  const controllers: AbortController[] = [];
  return {
    collector,
    store,
    transport,
    gate,
    async open(opening = {}) {
      const controller = new AbortController();
      controllers.push(controller);
      const session = await transport.open({
        agentId: "probe",
        sessionId: randomBytes(16),
        hostname: "host",
        version: "0",
        labels: { site: "lab" },
        windowBytes: 1 << 20,
        acknowledgedSequence: 0n,
        signal: controller.signal,
        ...opening,
      });
      const seen: Seen = { committed: [], refused: [], notices: [] };
      const ended = receive(session, seen);
      ended.catch(() => undefined);
      return { session, seen, ended, abort: (reason) => controller.abort(reason) };
    },
    async close() {
      gate.open();
      for (const controller of controllers) controller.abort(new TransportError("unavailable", "the test is over"));
      await collector.close();
      await store.close();
    },
  };
}

async function receive(session: TransportSession, { committed, refused, notices }: Seen): Promise<void> {
  for await (const response of session.responses) {
    if (committed.at(-1) !== response.committedSequence) committed.push(response.committedSequence);
    refused.push(...response.refused);
    if (response.notice !== "") notices.push(response.notice);
  }
}

function batch(sequence: bigint, ...rowGroups: RowGroupInput[]): SequencedBatch {
  return { sequence, rowGroups, counters: new Map([["capture.packets", Number(sequence)]]) };
}

/** Whether a store has room. */
class Gate {
  opened = Promise.resolve();
  #open: () => void = () => undefined;

  close(): void {
    this.opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
  }
}

/** The store, with room only while the gate is open, and with one agent that it refuses. */
function gatedStore(store: Store, gate: Gate): Store {
  return withMethods(store, {
    async openSession(introduction: SessionIntroduction): Promise<IngestSession> {
      if (introduction.agentId === SURPLUS) throw new WireloomError("resource_exhausted", "too many");
      const session = await store.openSession(introduction);
      return withMethods(session, {
        async ready() {
          await gate.opened;
          await session.ready();
        },
      });
    },
  });
}

/** The object, with these methods instead of its own. */
function withMethods<Target extends object>(target: Target, methods: Partial<Target>): Target {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
