import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { collectedEvents } from "../../../generated/collected-events.js";
import { dnsRowGroup, storeRowGroups } from "../../collector/testing/collector.js";
import { openStore } from "../open-store.js";
import type { QueryOptions } from "../query-store.js";
import type { Store } from "../store.js";

vi.mock("node:fs/promises", async (original) => {
  const actual = await original<typeof import("node:fs/promises")>();
  return { ...actual, statfs: vi.fn(actual.statfs) };
});

const { table } = collectedEvents.find((event) => event.table.resource === "dns")!;
const column = (name: string) => table.columns.find((candidate) => candidate.name === name)!;

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "wireloom-faults-"));
});

afterEach(async () => {
  vi.mocked(statfs).mockReset();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Rows whose names do not compress, each with eleven dots. */
const rows = (count: number) =>
  Array.from({ length: count }, () => ({
    queryName: Array.from({ length: 12 }, () => randomBytes(12).toString("hex")).join("."),
  }));

describe("a query", () => {
  beforeEach(async () => {
    store = await openStore(`duckdb:${folder}/test.duckdb`, collectedEvents);
    await storeRowGroups(store, "probe", [dnsRowGroup(rows(20_000))]);
  });

  /** Conditions that every row meets, up to 2000, none of them like another, so that all are looked at. */
  const filters = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      column: column("query_name"),
      operator: "like" as const,
      values: [`${"_".repeat(i % 100)}%.%.%${"_".repeat(i / 100)}`],
    }));
  const costlyCount = (options: QueryOptions, filterCount = 1000) =>
    store.countRows(table, filters(filterCount), undefined, { kind: "costly", ...options });

  it("ends at its deadline, and leaves the next one alone", async () => {
    await expect(costlyCount({ deadlineMs: 5 })).rejects.toMatchObject({
      code: "deadline_exceeded",
    });
    expect(await store.countRows(table, [], undefined, { kind: "costly" })).toBe(20_000n);
  });

  it("ends when its client goes away, while it runs and while it waits", async () => {
    const gone = new AbortController();
    const running = costlyCount({ signal: gone.signal });
    const waiting = costlyCount({ signal: gone.signal });
    setTimeout(() => gone.abort(), 20);
    const canceled = { status: "rejected", reason: { code: "canceled" } };
    expect(await Promise.allSettled([running, waiting])).toMatchObject([canceled, canceled]);
    expect(await store.countRows(table, [], undefined, { kind: "costly" })).toBe(20_000n);
  });

  it("keeps neither a commit nor another kind of query waiting", async () => {
    const beside = [{ column: column("query_name"), operator: "eq" as const, values: ["beside.example"] }];
    let sequence = 0n;
    // A query that is too short on this machine to have something beside it is followed by a longer one.
    for (let filterCount = 60, isBeside = false; !isBeside; filterCount *= 2) {
      expect(filterCount).toBeLessThan(2000);
      const stop = new AbortController();
      const running = costlyCount({ signal: stop.signal }, filterCount).then(
        () => "ended",
        ({ code }) => code,
      );
      await storeRowGroups(store, "other", [dnsRowGroup([{ queryName: "beside.example" }])]);
      expect(await store.countRows(table, beside)).toBe(++sequence);
      expect((await store.listAgents()).map(({ id }) => id)).toEqual(["other", "probe"]);
      stop.abort();
      isBeside = (await running) === "canceled";
    }
  });
});

describe("a database file that is gone", () => {
  it("is noticed by the next commit, and said", async () => {
    store = await openStore(`duckdb:${folder}/test.duckdb`, collectedEvents);
    expect(await store.health()).toEqual({ isWorking: true });
    await rename(`${folder}/test.duckdb`, `${folder}/elsewhere.duckdb`);
    const message = expect.stringMatching(/test\.duckdb was removed while it was open/);
    expect(await store.health()).toEqual({ isWorking: false, error: expect.objectContaining({ message }) });
    await expect(storeRowGroups(store, "probe", [dnsRowGroup(rows(1))])).rejects.toMatchObject({ message });
  });
});

describe.skipIf(process.getuid?.() !== 0)("a full disk (as root, who can mount a small one)", () => {
  const full = {
    code: "store_full",
    message: expect.stringMatching(
      /^the collector's disk has less than the \d+ MiB free that storing these rows safely takes;/,
    ),
  };

  beforeEach(async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=100m", "tmpfs", folder]);
    store = await openStore(`duckdb:${folder}/test.duckdb`, collectedEvents);
  });

  afterEach(async () => {
    await store.close();
    // After a failed checkpoint DuckDB keeps the file open until the process ends.
    execFileSync("umount", ["--lazy", folder]);
  });

  it("is named, and nothing of the batch is stored until there is room", async () => {
    await storeRowGroups(store, "probe", [dnsRowGroup(rows(10))]);
    await writeFile(`${folder}/other`, Buffer.alloc(60 << 20));
    await expect(storeRowGroups(store, "probe", [dnsRowGroup(rows(40_000))])).rejects.toMatchObject(full);
    expect(await store.health()).toEqual({ isWorking: false, error: expect.objectContaining(full) });
    let recoveries = 0;
    store.onRecovery(() => recoveries++);
    // There is room for an agent's counters, which says nothing of room for rows.
    await storeRowGroups(store, "reporter", []);
    expect(await store.health()).toMatchObject({ isWorking: false });
    expect(await store.countRows(table, [])).toBe(10n);
    await rm(`${folder}/other`);
    await storeRowGroups(store, "probe", [dnsRowGroup(rows(100))]);
    expect(await store.countRows(table, [])).toBe(110n);
    expect(await store.health()).toEqual({ isWorking: true });
    expect(recoveries).toBe(1);
  });

  it("that another program fills between the check and the commit breaks the store, which says so, and keeps what was committed", async () => {
    await storeRowGroups(store, "probe", [dnsRowGroup(rows(3000))]);
    const { bsize, bavail } = await statfs(folder);
    vi.mocked(statfs).mockResolvedValue({ bsize, blocks: 1e9, bavail: 1e9 } as never);
    // There is room for a log, but not for its checkpoint.
    await writeFile(`${folder}/other`, Buffer.alloc(bavail * bsize - (20 << 20)));
    expect(store.broken.aborted).toBe(false);
    let committed = 3000n;
    const rowGroup = dnsRowGroup(rows(2000));
    const failure = { code: "store_broken", message: expect.stringMatching(/test\.duckdb must be opened anew/) };
    await expect
      .poll(async () => {
        await storeRowGroups(store, "probe", [rowGroup]).then(
          () => {
            committed += 2000n;
          },
          () => undefined,
        );
        return store.broken.reason as unknown;
      })
      .toMatchObject(failure);
    await expect(store.countRows(table, [])).rejects.toMatchObject(failure);
    expect(await store.health()).toEqual({ isWorking: false, error: expect.objectContaining(failure) });
    await store.close();
    await rm(`${folder}/other`);
    store = await openStore(`duckdb:${folder}/test.duckdb`, collectedEvents);
    expect(await store.countRows(table, [])).toBe(committed);
  });

  it("leaves nothing of a database that could not be made, which is made once there is room", async () => {
    await writeFile(`${folder}/other`, Buffer.alloc(200 << 20)).catch(() => undefined);
    const opening = openStore(`duckdb:${folder}/new.duckdb`, collectedEvents);
    await expect(opening).rejects.toMatchObject({
      code: "store_full",
      message: expect.stringMatching(/new\.duckdb cannot be opened: its disk is full/),
    });
    expect(await readdir(folder)).not.toContain("new.duckdb");
    await rm(`${folder}/other`);
    const made = await openStore(`duckdb:${folder}/new.duckdb`, collectedEvents);
    expect(await made.countRows(table, [])).toBe(0n);
    await made.close();
  });

  it("does not keep a database from being opened and read", async () => {
    await storeRowGroups(store, "probe", [dnsRowGroup(rows(100))]);
    await store.close();
    await writeFile(`${folder}/other`, Buffer.alloc(200 << 20)).catch(() => undefined);
    store = await openStore(`duckdb:${folder}/test.duckdb`, collectedEvents);
    expect(await store.countRows(table, [])).toBe(100n);
    await expect(storeRowGroups(store, "probe", [dnsRowGroup(rows(1))])).rejects.toMatchObject({ code: "store_full" });
  });

  it("leaves a database that works once there is room, however it became full", async () => {
    await writeFile(`${folder}/other`, Buffer.alloc(40 << 20));
    const rowGroup = dnsRowGroup(rows(2000));
    let stored = 0n;
    for (;;) {
      const outcome = await storeRowGroups(store, "probe", [rowGroup]).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (outcome !== undefined) {
        expect(outcome).toMatchObject(full);
        break;
      }
      stored += 2000n;
    }
    expect(stored).toBeGreaterThan(20_000n);
    expect(await store.countRows(table, [])).toBe(stored);
    await rm(`${folder}/other`);
    await storeRowGroups(store, "probe", [rowGroup]);
    expect(await store.countRows(table, [])).toBe(stored + 2000n);
  });
});
