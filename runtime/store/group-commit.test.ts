import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { GroupCommit, type GroupItem } from "./group-commit.js";

const LIMITS = { queuedBytes: 100, groupRows: 10, waitMs: 20, busyWaitMs: 60, busyRows: 5 };

function item(rowCount: number, byteCount = 1): GroupItem {
  return { rowCount, byteCount };
}

describe("a group commit", () => {
  it("joins what arrives within its wait", async () => {
    const groups: number[] = [];
    const commits = new GroupCommit<GroupItem>(LIMITS, async (items) => {
      groups.push(items.length);
      return new Map();
    });
    await Promise.all([commits.add(item(1)), commits.add(item(1)), commits.add(item(1))]);
    expect(groups).toEqual([3]);
  });

  it("commits a full group at once, and the rest with the next", async () => {
    const groups: number[] = [];
    const commits = new GroupCommit<GroupItem>(LIMITS, async (items) => {
      groups.push(items.length);
      await pause(5);
      return new Map();
    });
    await Promise.all([commits.add(item(10)), commits.add(item(1)), commits.add(item(1))]);
    expect(groups).toEqual([1, 2]);
  });

  it("holds its sender back while it is full", async () => {
    let finish: () => void = () => undefined;
    const commits = new GroupCommit<GroupItem>(LIMITS, async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return new Map();
    });
    const added = commits.add(item(10, 100));
    let isReady = false;
    const ready = commits.ready().then(() => {
      isReady = true;
    });
    await pause(10);
    expect(isReady).toBe(false);
    finish();
    await added;
    await ready;
  });

  it("refuses single items, and all of a group that fails", async () => {
    const bad = item(1);
    const commits = new GroupCommit<GroupItem>(LIMITS, async (items) => {
      if (items.length === 1) throw new Error("disk full");
      return new Map([[bad, new Error("malformed")]]);
    });
    const results = await Promise.allSettled([commits.add(item(1)), commits.add(bad)]);
    expect(results).toMatchObject([{ status: "fulfilled" }, { status: "rejected", reason: { message: "malformed" } }]);
    await expect(commits.add(item(1))).rejects.toThrow("disk full");
  });

  it("flushes without waiting", async () => {
    const commits = new GroupCommit<GroupItem>({ ...LIMITS, waitMs: 100_000 }, async () => new Map());
    const added = commits.add(item(1));
    await commits.flush();
    await added;
  });
});
