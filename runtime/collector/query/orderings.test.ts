import { afterAll, beforeAll, expect, it } from "vitest";
import { type CollectorFixture, dnsRowGroup, startFixture, storeRowGroups } from "../testing/collector.js";

const AGENTS = ["amsterdam", "berlin", "cologne"];
const ROWS = 7;

let fixture: CollectorFixture;

beforeAll(async () => {
  fixture = await startFixture();
  // Each agent has rows of the same ids and times, as one that copies another's has.
  const rows = Array.from({ length: ROWS }, (_, i) => ({ queryName: `n${i % 3}.example` }));
  for (const agent of AGENTS) await storeRowGroups(fixture.store, agent, [dnsRowGroup(rows)]);
});

afterAll(() => fixture.close());

interface Row {
  readonly id: string;
  readonly agent_id: string;
  readonly time: string;
  readonly query_name: string;
}

/** Every row of three agents, in the order that pages must have: by the columns given, then by id and agent. */
function expectedRows(order: readonly (readonly [keyof Row, boolean])[]): string[] {
  const isDescending = order.at(-1)![1];
  const terms = [...order, ["id", isDescending] as const, ["agent_id", isDescending] as const];
  const rows = AGENTS.flatMap((agent) =>
    Array.from({ length: ROWS }, (_, i) => ({
      id: `018f0000-0000-7000-8000-00000000000${i}`,
      agent_id: agent,
      time: `2023-11-14T22:13:${20 + i}Z`,
      query_name: `n${i % 3}.example`,
    })),
  );
  const compare = (left: Row, right: Row) => {
    const term = terms.find(([name]) => left[name] !== right[name]);
    return term === undefined ? 0 : left[term[0]] < right[term[0]] === term[1] ? 1 : -1;
  };
  return rows.sort(compare).map(({ id, agent_id: agent }) => `${id} ${agent}`);
}

it.each([
  ["", [["time", true]]],
  ["time", [["time", false]]],
  ["id", [["id", false]]],
  ["id desc", [["id", true]]],
  ["query_name desc", [["query_name", true]]],
  // No row has a response code.
  ["rcode", [["id", false]]],
  ["agent_id", [["agent_id", false]]],
  [
    "agent_id desc,id",
    [
      ["agent_id", true],
      ["id", false],
    ],
  ],
] as const)("rows of one id of several agents are each on one page, in the order %j", async (order, terms) => {
  const expected = expectedRows(terms);
  for (const size of [1, 2, 4, 5, 20]) {
    const seen: string[] = [];
    let token = "";
    do {
      const ordering = order === "" ? "" : `&order_by=${encodeURIComponent(order)}`;
      const query = `fields=id,agent_id&page_size=${size}&page_token=${token}${ordering}`;
      const response = await fetch(`${fixture.collector.url}/v1/dns?${query}`);
      const page = (await response.json()) as { data: readonly Row[]; next_page_token: string };
      seen.push(...page.data.map((row) => `${row.id} ${row.agent_id}`));
      token = page.next_page_token;
    } while (token !== "");
    expect(seen).toEqual(expected);
  }
});

it("rows of one id of several agents are each exported once", async () => {
  const response = await fetch(`${fixture.collector.url}/v1/dns?fields=id,agent_id`, {
    headers: { accept: "application/x-ndjson" },
  });
  const lines = (await response.text()).trimEnd().split("\n");
  const rows = lines.map((line) => JSON.parse(line) as Row).map((row) => `${row.id} ${row.agent_id}`);
  expect(rows.sort()).toEqual(expectedRows([["id", false]]).sort());
});
