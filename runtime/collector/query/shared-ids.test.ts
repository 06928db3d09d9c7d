import { afterAll, beforeAll, expect, it } from "vitest";
import { type CollectorFixture, dnsSegment, startFixture, storeSegments } from "../collector-fixture.js";

const AGENTS = ["amsterdam", "berlin", "cologne"];
const ROWS = 7;

let fixture: CollectorFixture;

beforeAll(async () => {
  fixture = await startFixture();
  // Each agent has rows of the same ids and times, as one that copies another's has.
  const rows = Array.from({ length: ROWS }, (_, i) => ({ queryName: `n${i % 3}.example` }));
  for (const agent of AGENTS) await storeSegments(fixture.store, agent, [dnsSegment(rows)]);
});

afterAll(() => fixture.close());

interface Page {
  readonly data: readonly { readonly id: string; readonly agent_id: string }[];
  readonly next_page_token: string;
}

it.each(["", "time", "id", "id desc", "query_name desc", "rcode", "agent_id", "agent_id desc,id", "src_address,time"])(
  "rows of one id of several agents are each on one page, whatever the pages' size, in the order %j",
  async (order) => {
    for (const size of [1, 2, 4, 5, 20]) {
      const seen: string[] = [];
      let token = "";
      do {
        const query = `page_size=${size}&page_token=${token}${order === "" ? "" : `&order_by=${encodeURIComponent(order)}`}`;
        const response = await fetch(`${fixture.collector.url}/v1/dns?fields=id,agent_id&${query}`);
        const page = (await response.json()) as Page;
        seen.push(...page.data.map((row) => `${row.id} ${row.agent_id}`));
        token = page.next_page_token;
      } while (token !== "");
      expect([seen.length, new Set(seen).size]).toEqual([AGENTS.length * ROWS, AGENTS.length * ROWS]);
    }
    const exported = await fetch(`${fixture.collector.url}/v1/dns?fields=id,agent_id`, {
      headers: { accept: "application/x-ndjson" },
    });
    expect(new Set((await exported.text()).trimEnd().split("\n")).size).toBe(AGENTS.length * ROWS);
  },
);
