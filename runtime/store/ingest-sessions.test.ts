import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { IngestDatabase, IngestWrite } from "./ingest-database.js";
import { IngestSessions, type IngestSessionsLimits } from "./ingest-sessions.js";
import type { SessionIntroduction } from "./ingest-store.js";

const LIMITS = {
  queuedBytes: 1 << 20,
  queuedRows: 10_000,
  groupRows: 1000,
  groupBytes: 1 << 20,
  maxGroupRows: 4000,
  waitMs: 0,
  busyWaitMs: 0,
  busyRows: 1,
  idleMs: 0,
};

/** Stands for the database: keeps sequences, and what was written. */
class MemoryDatabase implements IngestDatabase {
  readonly writes: IngestWrite[] = [];
  readonly sessions = new Map<string, { agentId: string; committedSequence: bigint }>();
  readonly agents = new Set<string>();

  async counts() {
    return { agentIds: [...this.agents], sessions: this.sessions.size };
  }

  async findSession(id: string) {
    return this.sessions.get(id);
  }

  async store(write: IngestWrite) {
    this.writes.push(write);
    for (const { introduction } of write.agents) this.agents.add(introduction.agentId);
    for (const { sessionId, agentId, batch } of write.batches)
      this.sessions.set(sessionId, { agentId, committedSequence: batch.sequence });
    for (const id of [...this.sessions.keys()].slice(0, write.forgetSessions)) this.sessions.delete(id);
  }
}

function introduction(agentId: string, sessionId: Uint8Array = randomBytes(16)): SessionIntroduction {
  return { agentId, sessionId, hostname: "host", version: "1", labels: {} };
}

function setUp(limits: Partial<IngestSessionsLimits> = {}) {
  const backend = new MemoryDatabase();
  return { backend, sessions: new IngestSessions(backend, { ...LIMITS, ...limits }) };
}

const empty = (sequence: bigint) => ({ sequence, rowGroups: [], counters: new Map<string, bigint>() });

/** What a database answers that does not have an agent. */
const NOT_STORED = async () => undefined;

describe("sessions of agents", () => {
  it("write nothing until there is a batch or a report, however often they are opened", async () => {
    const { backend, sessions } = setUp();
    for (let i = 0; i < 50; i++) (await sessions.open(introduction("a"))).close();
    await sessions.flush();
    expect(backend.writes).toEqual([]);
    const session = await sessions.open(introduction("a"));
    await session.append(empty(1n));
    session.report(new Map([["x", 1n]]), true);
    session.close();
    await sessions.flush();
    expect(backend.agents).toEqual(new Set(["a"]));
    expect(backend.writes.at(-1)!.agents[0]).toMatchObject({ hasEnded: true, counters: new Map([["x", 1n]]) });
  });

  it("take nothing once they are closed, so that a batch sent again on another stream is stored once", async () => {
    const { backend, sessions } = setUp();
    const sessionId = randomBytes(16);
    const first = await sessions.open(introduction("a", sessionId));
    first.close();
    const second = await sessions.open(introduction("a", sessionId));
    await expect(first.append(empty(1n))).rejects.toMatchObject({ code: "unavailable" });
    first.report(new Map([["x", 1n]]), true);
    await second.append(empty(1n));
    await sessions.flush();
    expect(backend.writes.flatMap(({ batches }) => batches).length).toBe(1);
    expect(await sessions.findAgent("a", NOT_STORED)).toMatchObject({ state: "connected" });
    await expect(sessions.open(introduction("a"))).rejects.toMatchObject({ code: "already_exists" });
  });

  it("are not forgotten with the last batch of one before", async () => {
    const { backend, sessions } = setUp();
    const releases: (() => void)[] = [];
    const store = backend.store.bind(backend);
    backend.store = async (write) => {
      await new Promise<void>((resolve) => releases.push(resolve));
      return store(write);
    };
    const first = await sessions.open(introduction("a"));
    const appended = [first.append(empty(1n))];
    await expect.poll(() => releases.length).toBe(1);
    appended.push(first.append(empty(2n)));
    first.close();
    const opening = sessions.open(introduction("a"));
    releases[0]!();
    const second = await opening;
    await appended[0];
    await expect.poll(() => releases.length).toBe(2);
    releases[1]!();
    await Promise.all(appended);
    await expect(sessions.open(introduction("a"))).rejects.toMatchObject({ code: "already_exists" });
    second.close();
  });

  it("hold back a sender of batches without rows, as one of rows", async () => {
    const { backend, sessions } = setUp({ queuedBytes: 100_000 });
    const other = await sessions.open(introduction("other"));
    const session = await sessions.open(introduction("flood"));
    backend.store = () => new Promise(() => undefined);
    let sequence = 0n;
    let isHeldBack = false;
    while (!isHeldBack && sequence < 10_000n) {
      void session.append(empty(++sequence));
      isHeldBack = await Promise.race([
        session.ready().then(() => false),
        // Where there is room, the promise is resolved already.
        new Promise<boolean>((resolve) => setImmediate(() => resolve(true))),
      ]);
    }
    expect(sequence).toBeLessThan(100n);
    // Another agent still has room.
    await other.ready();
  });

  it("write many reports at once", async () => {
    const { backend, sessions } = setUp();
    const session = await sessions.open(introduction("a"));
    for (let i = 1n; i <= 1000n; i++) session.report(new Map([["x", i]]), false);
    expect(await sessions.findAgent("a", NOT_STORED)).toMatchObject({ state: "connected", counters: { x: 1000n } });
    await sessions.flush();
    expect(backend.writes).toHaveLength(1);
    expect(backend.writes[0]!.batches).toEqual([]);
  });

  it.each(["stays open", "is closed"])(
    "show an agent that is written while the database is asked for it, and whose session %s",
    async (end) => {
      const expected = { id: "a", state: end === "is closed" ? "ended" : "connected", counters: { x: 7n } };
      for (const question of ["find", "list"]) {
        const { sessions } = setUp();
        const session = await sessions.open(introduction("a"));
        session.report(new Map([["x", 7n]]), true);
        // The database answers what it had before the write.
        const write = async () => {
          if (end === "is closed") session.close();
          await sessions.flush();
        };
        const answer =
          question === "find"
            ? [await sessions.findAgent("a", () => write().then(NOT_STORED))]
            : await sessions.listAgents(() => write().then(() => []));
        expect(answer).toMatchObject([expected]);
      }
    },
  );

  it("are refused when there are too many agents, and those that never wrote do not count", async () => {
    const { backend, sessions } = setUp({ maxAgents: 2 });
    backend.agents.add("known");
    const first = await sessions.open(introduction("a"));
    await expect(sessions.open(introduction("b"))).rejects.toMatchObject({ code: "resource_exhausted" });
    (await sessions.open(introduction("known"))).close();
    first.close();
    const second = await sessions.open(introduction("b"));
    await second.append(empty(1n));
    second.close();
    await expect(sessions.open(introduction("a"))).rejects.toMatchObject({ code: "resource_exhausted" });
    (await sessions.open(introduction("b"))).close();
  });

  it("are forgotten, some at a time, when there are too many", async () => {
    const { backend, sessions } = setUp({ maxSessions: 16 });
    for (let i = 0; i < 40; i++) {
      const session = await sessions.open(introduction("a"));
      await session.append(empty(1n));
      session.close();
    }
    expect(backend.sessions.size).toBeLessThanOrEqual(16);
    expect(backend.writes.every(({ openSessions }) => openSessions.length <= 1)).toBe(true);
  });

  it("do not store a batch twice that an earlier stream of the session left in the queue", async () => {
    const { backend, sessions } = setUp({ waitMs: 100, busyWaitMs: 100 });
    const sessionId = randomBytes(16);
    const first = await sessions.open(introduction("a", sessionId));
    const left = first.append(empty(1n));
    first.close();
    const second = await sessions.open(introduction("a", sessionId));
    expect(second.committedSequence).toBe(0n);
    await second.append(empty(1n));
    await expect(left).rejects.toThrow("the session was opened again on another stream");
    expect(backend.writes.flatMap(({ batches }) => batches)).toHaveLength(1);
  });
});
