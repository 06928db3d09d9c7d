import { beforeEach, describe, expect, it } from "vitest";
import { collectedEvents } from "../../../generated/collected-events.js";
import type { Store } from "../store.js";
import { randomRowGroup } from "./random-row-group.js";
import { INTRODUCTION, type StoreUnderTest, storedRows } from "./store-under-test.js";

const eventOf = (resource: string) => collectedEvents.find(({ table }) => table.resource === resource)!;
const [DNS, FLOW, NTP] = [eventOf("dns"), eventOf("flow"), eventOf("ntp")];

/** Batches of a session are stored in order, whole, and once. */
export function describeSessions(tested: StoreUnderTest): void {
  describe("a session", () => {
    let store: Store;

    beforeEach(async () => {
      store = await tested.open(collectedEvents);
    });

    it("stores a batch sent twice once, over a restart too", async () => {
      const batch = {
        sequence: 1n,
        rowGroups: [randomRowGroup("ntp", 10, 5)],
        counters: new Map([["kernel.dropped", 2n ** 60n + 1n]]),
      };
      const first = await store.openSession(INTRODUCTION);
      await first.append(batch);
      await first.append(batch);
      const second = await store.openSession(INTRODUCTION);
      expect(second.committedSequence).toBe(1n);
      await second.append(batch);
      second.close();
      store = await tested.open(collectedEvents);
      const third = await store.openSession(INTRODUCTION);
      expect(third.committedSequence).toBe(1n);
      await third.append(batch);
      expect(await storedRows(store, NTP)).toHaveLength(10);
      expect(await store.findAgent("probe-1")).toMatchObject({
        id: "probe-1",
        labels: { site: "lab" },
        rowCount: 10n,
        counters: { "kernel.dropped": 2n ** 60n + 1n },
      });
    });

    it("refuses a gap in the sequence and keeps what came before", async () => {
      const session = await store.openSession(INTRODUCTION);
      const kept = session.append({ sequence: 1n, rowGroups: [randomRowGroup("ntp", 3, 6)], counters: new Map() });
      await expect(
        session.append({ sequence: 3n, rowGroups: [randomRowGroup("ntp", 3, 7)], counters: new Map() }),
      ).rejects.toThrow("batch 3 follows batch 1; send every batch in order");
      await kept;
      expect(await storedRows(store, NTP)).toHaveLength(3);
    });

    it("leaves out a malformed row group, and stores the rest of its batch and of every other session", async () => {
      const good = await store.openSession(INTRODUCTION);
      const bad = await store.openSession({ ...INTRODUCTION, agentId: "bad", sessionId: new Uint8Array(16).fill(8) });
      const broken = { ...randomRowGroup("dns", 1, 8), rows: Uint8Array.of(10, 2, 10, 99) };
      const results = await Promise.all([
        bad.append({ sequence: 1n, rowGroups: [randomRowGroup("ntp", 5, 9)], counters: new Map() }),
        good.append({ sequence: 1n, rowGroups: [randomRowGroup("ntp", 6, 10)], counters: new Map() }),
        bad.append({ sequence: 2n, rowGroups: [randomRowGroup("ntp", 7, 11), broken], counters: new Map() }),
        bad.append({ sequence: 3n, rowGroups: [randomRowGroup("ntp", 8, 12)], counters: new Map() }),
      ]);
      expect(results).toEqual([
        [],
        [],
        [
          {
            eventType: "wireloom.dns.v1.Dns",
            rows: 1,
            code: "malformed_row_group",
            message: expect.stringMatching(/^a row group of wireloom\.dns\.v1\.Dns cannot be read: /),
          },
        ],
        [],
      ]);
      expect(await storedRows(store, NTP)).toHaveLength(26);
      expect(await storedRows(store, DNS)).toHaveLength(0);
      // Of a sender of malformed row groups the batches are read before they join others.
      expect(
        await bad.append({ sequence: 4n, rowGroups: [broken, randomRowGroup("ntp", 1, 13)], counters: new Map() }),
      ).toMatchObject([{ code: "malformed_row_group" }]);
      expect(await storedRows(store, NTP)).toHaveLength(27);
      bad.close();
      expect(
        (await store.openSession({ ...INTRODUCTION, agentId: "bad", sessionId: new Uint8Array(16).fill(8) }))
          .committedSequence,
      ).toBe(4n);
    });

    it.each([
      [4, "contains 3"],
      [2, "contains more"],
    ])("leaves out a row group of 3 rows that declares %i", async (count, message) => {
      const session = await store.openSession(INTRODUCTION);
      const rowGroup = { ...randomRowGroup("ntp", 3, 13), count };
      const refused = await session.append({ sequence: 1n, rowGroups: [rowGroup], counters: new Map() });
      expect(refused).toMatchObject([{ rows: count, code: "malformed_row_group" }]);
      expect(refused[0]!.message).toBe(`a row group of wireloom.ntp.v1.Ntp declares ${count} rows but ${message}`);
      expect(await storedRows(store, NTP)).toHaveLength(0);
    });

    it("commits what is queued when it closes", async () => {
      const session = await store.openSession(INTRODUCTION);
      const appended = session.append({
        sequence: 1n,
        rowGroups: [randomRowGroup("flow", 3, 14)],
        counters: new Map(),
      });
      await store.close();
      await appended;
      store = await tested.open(collectedEvents);
      expect(await storedRows(store, FLOW)).toHaveLength(3);
    });

    it("is its agent's alone, also after a restart", async () => {
      const first = await store.openSession(INTRODUCTION);
      await first.append({ sequence: 1n, rowGroups: [randomRowGroup("ntp", 1, 15)], counters: new Map() });
      first.close();
      const thief = { ...INTRODUCTION, agentId: "thief" };
      await expect(store.openSession(thief)).rejects.toMatchObject({ code: "permission_denied" });
      store = await tested.open(collectedEvents);
      await expect(store.openSession(thief)).rejects.toMatchObject({ code: "permission_denied" });
      expect(await store.findAgent("thief")).toBeUndefined();
    });

    it("reports batches once they can be read, and the store that it works", async () => {
      const seen: string[] = [];
      const stop = store.onCommit((batches) => seen.push(...batches.map(({ agentId }) => agentId)));
      const session = await store.openSession(INTRODUCTION);
      await session.append({ sequence: 1n, rowGroups: [randomRowGroup("ntp", 2, 16)], counters: new Map() });
      stop();
      await session.append({ sequence: 2n, rowGroups: [randomRowGroup("ntp", 3, 17)], counters: new Map() });
      expect(seen).toEqual(["probe-1"]);
      expect(await store.countRows(NTP.table, [])).toBe(5n);
      expect(await store.health()).toEqual({ isWorking: true });
      expect(store.broken.aborted).toBe(false);
    });
  });
}
