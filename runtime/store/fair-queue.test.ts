import { describe, expect, it } from "vitest";
import { type FairItem, FairQueue } from "./fair-queue.js";
import { GroupCommit } from "./group-commit.js";

/** A group commit that commits nothing until it is let: `groups` then has what each commit took. */
function stage(limits: { queuedBytes: number; queuedRows: number; admittedRows: number }) {
  const groups: string[][] = [];
  let release: () => void = () => undefined;
  const commits = new GroupCommit<FairItem>(
    { queuedBytes: 1e9, groupRows: 1, waitMs: 0, busyWaitMs: 0, busyRows: 1 },
    async (items) => {
      groups.push(items.map(({ agentId }) => agentId));
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return new Map();
    },
  );
  return { groups, queue: new FairQueue(limits, commits), release: () => release() };
}

const item = (agentId: string, rowCount = 10, byteCount = 10): FairItem => ({ agentId, rowCount, byteCount });
const turns = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe("a fair queue", () => {
  it("takes from agents in turn, and a newcomer's item is in the very next group", async () => {
    const { groups, queue, release } = stage({ queuedBytes: 1e6, queuedRows: 1e6, admittedRows: 20 });
    const added = Array.from({ length: 12 }, () => queue.add(item("flood")));
    await turns();
    expect(groups).toEqual([["flood"]]);
    added.push(queue.add(item("quiet")), queue.add(item("other")), queue.add(item("quiet")));
    release();
    await turns();
    expect(groups[1]).toEqual(expect.arrayContaining(["quiet", "other"]));
    expect(groups[1]!.filter((agent) => agent === "flood").length).toBeLessThanOrEqual(2);
    for (let i = 0; i < 20; i++) {
      release();
      await turns();
    }
    await Promise.all(added);
    expect(groups.flat().filter((agent) => agent === "flood")).toHaveLength(12);
    expect(groups.flat().filter((agent) => agent === "quiet")).toHaveLength(2);
  });

  it.each<[string, number, number]>([
    ["rows", 50, 1],
    ["bytes", 1, 50],
  ])("gives one agent half of the %s at most, and others the rest", async (_, rowCount, byteCount) => {
    const { queue, release } = stage({ queuedBytes: 100, queuedRows: 100, admittedRows: 1e9 });
    void queue.add(item("flood", rowCount, byteCount));
    await turns();
    let isFloodReady = false;
    const ready = queue.ready("flood").then(() => {
      isFloodReady = true;
    });
    await queue.ready("quiet");
    expect(isFloodReady).toBe(false);
    release();
    await ready;
  });

  it("holds everyone back while it is full", async () => {
    const { queue, release } = stage({ queuedBytes: 100, queuedRows: 100, admittedRows: 1e9 });
    void queue.add(item("a", 50));
    void queue.add(item("b", 50));
    let isReady = false;
    const ready = queue.ready("c").then(() => {
      isReady = true;
    });
    await turns();
    expect(isReady).toBe(false);
    release();
    await turns();
    release();
    await ready;
  });

  it("passes a failure on to the item's sender, and has room again", async () => {
    const commits = new GroupCommit<FairItem>(
      { queuedBytes: 1e9, groupRows: 1, waitMs: 0, busyWaitMs: 0, busyRows: 1 },
      async () => {
        throw new Error("disk full");
      },
    );
    const queue = new FairQueue<FairItem>({ queuedBytes: 10, queuedRows: 10, admittedRows: 10 }, commits);
    await expect(queue.add(item("a"))).rejects.toThrow("disk full");
    await queue.ready("a");
    await queue.flush();
  });

  it("flushes what waits for its turn too", async () => {
    let count = 0;
    const commits = new GroupCommit<FairItem>(
      { queuedBytes: 1e9, groupRows: 1e9, waitMs: 1e6, busyWaitMs: 1e6, busyRows: 1 },
      async (items) => {
        count += items.length;
        return new Map();
      },
    );
    const queue = new FairQueue<FairItem>({ queuedBytes: 1e9, queuedRows: 1e9, admittedRows: 20 }, commits);
    const added = Array.from({ length: 9 }, () => queue.add(item("a")));
    await queue.flush();
    await Promise.all(added);
    expect(count).toBe(9);
  });
});
