import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GroupCommit, type GroupItem } from "./group-commit.js";

const LIMITS = {
  queuedBytes: 100,
  queuedRows: 1000,
  groupRows: 10,
  groupBytes: 50,
  maxGroupRows: 20,
  waitMs: 20,
  busyWaitMs: 60,
  busyRows: 5,
  idleMs: 10,
};

function item(rowCount: number, byteCount = 1, agentId = "a", windowBytes = 0): GroupItem {
  return { agentId, rowCount, byteCount, windowBytes };
}

/** Lets time pass until the promise is settled, which is to be within a second of it. */
async function settled<Result>(promise: Promise<Result>): Promise<Result> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  for (let ms = 0; ms < 1000 && !isSettled; ms++) await vi.advanceTimersByTimeAsync(1);
  if (!isSettled) throw new Error("nothing came of it within a second");
  return promise;
}

/** Resolves after so much of the time that the test lets pass. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A group commit whose first commit lasts until `finish` is called. */
function lastingCommit(): { commits: GroupCommit<GroupItem>; finish: () => void } {
  let finish: () => void = () => undefined;
  const commits = new GroupCommit<GroupItem>(LIMITS, async () => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return new Map();
  });
  return { commits, finish: () => finish() };
}

/** Whether an agent has to wait for room, however long. */
async function isHeldBack(ready: Promise<void>): Promise<boolean> {
  let isReady = false;
  void ready.then(() => {
    isReady = true;
  });
  await vi.advanceTimersByTimeAsync(10_000);
  return !isReady;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a group commit", () => {
  it("joins what arrives within its wait", async () => {
    const groups: number[] = [];
    const commits = new GroupCommit<GroupItem>(LIMITS, async (items) => {
      groups.push(items.length);
      return new Map();
    });
    await settled(Promise.all([commits.add(item(1)), commits.add(item(1)), commits.add(item(1))]));
    expect(groups).toEqual([3]);
  });

  it("commits a full group at once, and the rest with the next", async () => {
    const groups: number[] = [];
    const commits = new GroupCommit<GroupItem>(LIMITS, async (items) => {
      groups.push(items.length);
      await pause(5);
      return new Map();
    });
    await settled(Promise.all([commits.add(item(10)), commits.add(item(1)), commits.add(item(1))]));
    expect(groups).toEqual([1, 2]);
  });

  it("holds its sender back while it is full", async () => {
    const { commits, finish } = lastingCommit();
    const added = commits.add(item(10, 100));
    const ready = commits.ready("b");
    expect(await isHeldBack(ready)).toBe(true);
    finish();
    await settled(Promise.all([added, ready]));
  });

  it("refuses single items, and all of a group that fails", async () => {
    const bad = item(1);
    const commits = new GroupCommit<GroupItem>(LIMITS, async (items) => {
      if (items.length === 1) throw new Error("disk full");
      return new Map([[bad, new Error("malformed")]]);
    });
    const results = await settled(Promise.allSettled([commits.add(item(1)), commits.add(bad)]));
    expect(results).toMatchObject([{ status: "fulfilled" }, { status: "rejected", reason: { message: "malformed" } }]);
    await expect(settled(commits.add(item(1)))).rejects.toThrow("disk full");
  });

  it("flushes without waiting", async () => {
    const commits = new GroupCommit<GroupItem>({ ...LIMITS, waitMs: 100_000 }, async () => new Map());
    const added = commits.add(item(1));
    await settled(Promise.all([commits.flush(), added]));
  });

  it("closes a group whose senders wait for their acknowledgements", async () => {
    const groups: number[] = [];
    const commits = new GroupCommit<GroupItem>({ ...LIMITS, busyWaitMs: 100_000 }, async (items) => {
      groups.push(items.length);
      return new Map();
    });
    // A sender that may have three items on their way: fewer rows than make a group, and no more come before these are committed.
    for (let i = 0; i < 3; i++) {
      await settled(Promise.all([commits.add(item(2)), commits.add(item(2)), commits.add(item(2))]));
    }
    expect(groups).toEqual([3, 3, 3]);
  });

  it("closes a group that has half of its sender's window, so that the other half is sent meanwhile", async () => {
    const groups: number[] = [];
    const commits = new GroupCommit<GroupItem>({ ...LIMITS, idleMs: 100_000, busyWaitMs: 100_000 }, async (items) => {
      groups.push(items.length);
      return new Map();
    });
    for (let i = 0; i < 2; i++) await settled(Promise.all([1, 2, 3].map(() => commits.add(item(2, 4, "a", 24)))));
    expect(groups).toEqual([3, 3]);
  });

  it.each<[string, number, number]>([
    ["rows", 500, 0],
    ["bytes", 0, 50],
  ])("gives one agent half of the queue's %s at most, and others the rest", async (_, rowCount, byteCount) => {
    const { commits, finish } = lastingCommit();
    const added = commits.add(item(rowCount, byteCount, "flood"));
    const ready = commits.ready("flood");
    await settled(commits.ready("quiet"));
    expect(await isHeldBack(ready)).toBe(true);
    finish();
    await settled(Promise.all([added, ready]));
  });

  it("takes from each agent in turn, no more than a commit may have", async () => {
    const groups: string[][] = [];
    let isFirst = true;
    const commits = new GroupCommit<GroupItem>(LIMITS, async (items) => {
      groups.push(items.map(({ agentId, byteCount }) => `${agentId}${byteCount}`));
      if (isFirst) await pause(5);
      isFirst = false;
      return new Map();
    });
    const first = commits.add(item(10, 0, "x"));
    const flood = [1, 2, 3, 4, 5].map((n) => commits.add(item(9, n, "flood")));
    const others = [commits.add(item(1, 1, "b")), commits.add(item(1, 1, "c")), commits.add(item(1, 2, "c"))];
    await settled(Promise.all([first, ...flood, ...others]));
    expect(groups).toEqual([["x0"], ["flood1", "b1", "c1", "flood2"], ["c2", "flood3", "flood4"], ["flood5"]]);
  });

  it("holds its senders back by rows, too", async () => {
    const { commits, finish } = lastingCommit();
    const added = commits.add(item(1000, 0));
    const ready = commits.ready("b");
    expect(await isHeldBack(ready)).toBe(true);
    finish();
    await settled(Promise.all([added, ready]));
  });

  it("stores every item once, each agent's in order, whatever arrives", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ agent: fc.nat(3), rows: fc.nat(25), pause: fc.boolean() }), { maxLength: 30 }),
        async (arrivals) => {
          const stored: GroupItem[] = [];
          const commits = new GroupCommit<GroupItem>(
            { ...LIMITS, waitMs: 2, busyWaitMs: 4, idleMs: 1 },
            async (items) => {
              stored.push(...items);
              const rows = items.reduce((sum, { rowCount }) => sum + rowCount, 0);
              expect(items.length === 1 || rows <= LIMITS.maxGroupRows).toBe(true);
              return new Map();
            },
          );
          const sent: GroupItem[] = [];
          const added: Promise<void>[] = [];
          for (const { agent, rows, pause: pauses } of arrivals) {
            const next = item(rows, 1, `agent-${agent}`);
            sent.push(next);
            added.push(commits.add(next));
            if (pauses) await vi.advanceTimersByTimeAsync(1);
          }
          await settled(Promise.all(added));
          const byAgent = (items: readonly GroupItem[]) =>
            [0, 1, 2, 3].map((agent) => items.filter(({ agentId }) => agentId === `agent-${agent}`));
          expect(stored.length).toBe(sent.length);
          expect(byAgent(stored)).toEqual(byAgent(sent));
        },
      ),
      { numRuns: 50 },
    );
  });
});
