import { expect, it } from "vitest";
import type { CommitListener, IngestStore } from "../../store/ingest-store.js";
import { dnsRowGroup } from "../testing/collector.js";
import { WatchHub } from "./watch-hub.js";

/** A hub with a watcher, and the listener that hears of commits. */
async function startWatching() {
  const listeners: CommitListener[] = [];
  const store = {
    onCommit: (listener: CommitListener) => {
      listeners.push(listener);
      return () => undefined;
    },
  } as unknown as IngestStore;
  const logged: unknown[] = [];
  const hub = new WatchHub(store, (error) => logged.push(error));
  const watching = new AbortController();
  const watched = hub.watch(good.event, [], watching.signal)[Symbol.asyncIterator]();
  const first = watched.next();
  await expect.poll(() => listeners.length).toBe(1);
  return { commit: listeners[0]!, logged, watching, watched, first };
}

const good = dnsRowGroup([{ queryName: "good.example" }]);
const bad = { event: good.event, count: 5, rows: Uint8Array.of(10, 2, 10, 99) };

it("rows that cannot be read are logged and counted as missed, and those after them arrive", async () => {
  const { commit, logged, watching, watched, first } = await startWatching();
  commit([{ agentId: "probe", rowGroups: [bad, good] }]);
  const { rows, missed } = (await first).value!;
  const name = good.event.table.columns.findIndex((column) => column.name === "query_name");
  expect(rows.map((row: readonly unknown[]) => row[name])).toEqual(["good.example"]);
  expect(missed).toBe(5n);
  expect(logged).toHaveLength(1);
  watching.abort();
  await watched.next();
});

it("each row of a row group is delivered or missed, once, wherever it cannot be read", async () => {
  const { commit, logged, watching, watched, first } = await startWatching();
  let next = first;
  const counts = [1, 100, 2047, 2048, 2049, 5000];
  const rowGroups = counts.map((count) => ({
    event: good.event,
    count: count + 1,
    rows: Buffer.concat([...Array.from({ length: count }, () => good.rows), bad.rows]),
  }));
  commit([{ agentId: "probe", rowGroups }]);
  const total = BigInt(counts.reduce((sum, count) => sum + count + 1, 0));
  let seen = 0n;
  let delivered = 0;
  while (seen < total) {
    const { rows, missed } = (await next).value!;
    seen += BigInt(rows.length) + missed;
    delivered += rows.length;
    next = watched.next();
  }
  expect(seen).toBe(total);
  expect(delivered).toBeGreaterThan(0);
  expect(logged).toHaveLength(counts.length);
  watching.abort();
  await next;
});
