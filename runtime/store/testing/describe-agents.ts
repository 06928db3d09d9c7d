import { describe, expect, it } from "vitest";
import { collectedEvents } from "../../../generated/collected-events.js";
import { randomRowGroup } from "./random-row-group.js";
import { INTRODUCTION, type StoreUnderTest } from "./store-under-test.js";

/** Beyond 2^53, where numbers of JSON are rounded. */
const MANY = 2n ** 63n + 1n;

/** The directory has every agent that sent a batch or a report. */
export function describeAgents(tested: StoreUnderTest): void {
  describe("agents", () => {
    it("are listed by name with what they sent and said last, over a restart too", async () => {
      const store = await tested.open(collectedEvents);
      const names = ["zoë", "a b", `İ'"`, "B", "a"];
      for (const [i, agentId] of names.entries()) {
        const labels = { site: `${agentId} \u{1f600}`, "": "%" };
        const sessionId = new Uint8Array(16).fill(i + 1);
        const session = await store.openSession({ ...INTRODUCTION, agentId, sessionId, labels });
        const counters = new Map([[`${agentId}.dropped`, MANY + BigInt(i)]]);
        await session.append({ sequence: 1n, rowGroups: [randomRowGroup("ntp", i + 1, i)], counters });
        session.report(new Map(), i === 0);
        session.close();
      }
      const expected = names
        .map((id, i) => ({
          ...{ id, hostname: "host", version: "1", labels: { site: `${id} \u{1f600}`, "": "%" } },
          ...{ rowCount: BigInt(i + 1), counters: { [`${id}.dropped`]: MANY + BigInt(i) } },
          state: i === 0 ? "ended" : "gone",
        }))
        .sort((left, right) => (left.id < right.id ? -1 : 1));
      expect(await store.listAgents()).toMatchObject(expected);
      const [before] = await store.listAgents();
      const reopened = await tested.open(collectedEvents);
      expect(await reopened.listAgents()).toMatchObject(expected);
      expect((await reopened.listAgents())[0]).toEqual(before);
      for (const agent of expected) expect(await reopened.findAgent(agent.id)).toMatchObject(agent);
    });

    it("are connected while they have a session, and unknown before they send something", async () => {
      const store = await tested.open(collectedEvents);
      const session = await store.openSession(INTRODUCTION);
      expect(await store.findAgent(INTRODUCTION.agentId)).toBeUndefined();
      session.report(new Map([["frames", 1n]]), false);
      expect(await store.findAgent(INTRODUCTION.agentId)).toMatchObject({ state: "connected", rowCount: 0n });
      session.close();
      expect(await store.findAgent(INTRODUCTION.agentId)).toMatchObject({ state: "gone", counters: { frames: 1n } });
      expect(await store.findAgent("another")).toBeUndefined();
    });
  });
}
