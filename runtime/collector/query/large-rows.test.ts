import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CollectorFixture, dnsRowGroup, startFixture, storeRowGroups } from "../testing/collector.js";

const ROWS = 200;
/** Within the bounds of the fields: 64 answers of a kilobyte. */
const ANSWERS = Array.from({ length: 64 }, (_, i) => `${i}`.padEnd(1000, "\u0001"));

let fixture: CollectorFixture;

beforeAll(async () => {
  fixture = await startFixture();
  const rows = Array.from({ length: ROWS }, (_, i) => ({ queryName: `n${i}.example`, answerData: ANSWERS }));
  await storeRowGroups(fixture.store, "probe", [dnsRowGroup(rows)]);
});

afterAll(() => fixture.close());

const names = Array.from({ length: ROWS }, (_, i) => `n${i}.example`);

describe("rows that are as large as can be", () => {
  it("make pages of fewer rows than were asked for, which lead to all of them", async () => {
    const found: unknown[] = [];
    let token = "";
    let pages = 0;
    do {
      const path = `/v1/dns?page_size=1000&order_by=time&page_token=${token}`;
      // Reading a page blocks the event loop for so long that the server would close an idle connection.
      const response = await fetch(fixture.collector.url + path, { headers: { connection: "close" } });
      const page = (await response.json()) as {
        data: { query_name: string; answer_data: string[] }[];
        next_page_token: string;
      };
      expect(page.data[0]!.answer_data).toEqual(ANSWERS);
      found.push(...page.data.map(({ query_name }) => query_name));
      token = page.next_page_token;
      pages++;
    } while (token !== "");
    expect(found).toEqual(names);
    // 13 MB of rows, 8 MiB a page.
    expect(pages).toBe(2);
  });

  it("are exported in small pieces, all of them", async () => {
    const response = await fetch(`${fixture.collector.url}/v1/dns?order_by=time&fields=query_name,answer_data`, {
      headers: { accept: "application/x-ndjson" },
    });
    const lines = (await response.text()).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { query_name: string }).query_name)).toEqual(names);
  });
});
