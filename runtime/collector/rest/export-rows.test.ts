import { expect, test } from "vitest";
import { dnsSegment, startFixture, storeSegments } from "../collector-fixture.js";

const FIRST_SECOND = 1_700_000_000n;
const at = (second: number, queryName: string) => ({
  queryName,
  observation: { time: (FIRST_SECOND + BigInt(second)) * 1_000_000_000n },
});

test.each(["time", "time desc"])(
  "an export by %s leaves out rows that are stored with a later time while it runs",
  async (order) => {
    const fixture = await startFixture();
    const early = Array.from({ length: 3000 }, (_, i) => at(i, `early${i}.example`));
    await storeSegments(fixture.store, "probe-1", [dnsSegment(early)]);
    const response = await fetch(
      `${fixture.collector.url}/v1/dns?fields=query_name&order_by=${encodeURIComponent(order)}`,
      {
        headers: { accept: "application/x-ndjson" },
      },
    );
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader.read()).value ?? "";
    await storeSegments(fixture.store, "probe-1", [dnsSegment([at(9000, "late.example")])]);
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
    const names = text
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { query_name: string }).query_name);
    expect(names.sort()).toEqual(early.map(({ queryName }) => queryName).sort());
    await fixture.close();
  },
);
