import { expect, it } from "vitest";
import type { CommitListener, Store } from "../../store/store.js";
import { dnsSegment } from "../collector-fixture.js";
import { WatchHub } from "./watch-hub.js";

it("rows that cannot be read are logged and counted as missed, and those after them arrive", async () => {
  const listeners: CommitListener[] = [];
  const store = {
    onCommit: (listener: CommitListener) => {
      listeners.push(listener);
      return () => undefined;
    },
  } as unknown as Store;
  const logged: unknown[] = [];
  const hub = new WatchHub(store, (error) => logged.push(error));
  const good = dnsSegment([{ queryName: "good.example" }]);
  const bad = { event: good.event, count: 5, rows: Uint8Array.of(10, 2, 10, 99) };
  const watching = new AbortController();
  const watched = hub.watch(good.event, [], watching.signal)[Symbol.asyncIterator]();
  const first = watched.next();
  await expect.poll(() => listeners.length).toBe(1);
  listeners[0]!([{ agentId: "probe", segments: [bad, good] }]);
  const { rows, missed } = (await first).value!;
  const name = good.event.table.columns.findIndex((column) => column.name === "query_name");
  expect(rows.map((row: readonly unknown[]) => row[name])).toEqual(["good.example"]);
  expect(missed).toBe(5n);
  expect(logged).toHaveLength(1);
  watching.abort();
  await watched.next();
});
