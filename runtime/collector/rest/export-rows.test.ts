import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collectedEvents } from "../../../generated/collected-events.js";
import type { QueryStore } from "../../store/query-store.js";
import { WireloomError } from "../../wireloom-error.js";
import { type CollectorFixture, dnsRowGroup, startFixture, storeRowGroups } from "../testing/collector.js";
import { exportRows } from "./export-rows.js";
import { ExportSlots } from "./export-slots.js";
import type { ListParameters } from "./list-parameters.js";

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
    await storeRowGroups(fixture.store, "probe-1", [dnsRowGroup(early)]);
    const response = await fetch(
      `${fixture.collector.url}/v1/dns?fields=query_name&order_by=${encodeURIComponent(order)}`,
      {
        headers: { accept: "application/x-ndjson" },
      },
    );
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader.read()).value ?? "";
    await storeRowGroups(fixture.store, "probe-1", [dnsRowGroup([at(9000, "late.example")])]);
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
    const names = text
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { query_name: string }).query_name);
    expect(names.sort()).toEqual(early.map(({ queryName }) => queryName).sort());
    await fixture.close();
  },
);

describe("the first rows of an export", () => {
  /** More than the first piece's 200 rows and a later one's 10 000. */
  const COUNT = 12_345;
  let fixture: CollectorFixture;

  beforeAll(async () => {
    fixture = await startFixture();
    // Ten rows have each time, so that the seams of pieces lie within rows of one time.
    for (const offset of [0, 5000, 10_000]) {
      const rows = Array.from({ length: Math.min(5000, COUNT - offset) }, (_, i) => {
        const n = offset + i;
        const id = Uint8Array.of(1, 0x8f, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, n >> 8, n & 255);
        return { transactionId: n, observation: { ...at(Math.floor(n / 10), "").observation, id } };
      });
      await storeRowGroups(fixture.store, "probe-1", [dnsRowGroup(rows)]);
    }
  });

  afterAll(() => fixture.close());

  async function numbersOf(parameters: string): Promise<number[]> {
    const headers = { accept: "application/x-ndjson" };
    const response = await fetch(`${fixture.collector.url}/v1/dns?fields=transaction_id&${parameters}`, { headers });
    const lines = (await response.text()).split("\n").slice(0, -1);
    return lines.map((line) => (JSON.parse(line) as { transaction_id: number }).transaction_id);
  }

  const counting = Array.from({ length: COUNT }, (_, n) => n);

  test.each([1, 199, 200, 201, 500, 1000, 10_199, 10_200, 10_201, COUNT - 1, COUNT, COUNT + 1])(
    "are %i, at the seams of pieces too",
    async (limit) => {
      expect(await numbersOf(`order_by=time,id&limit=${limit}`)).toEqual(counting.slice(0, limit));
      // In another order than time's each piece looks at the whole table.
      expect(await numbersOf(`order_by=transaction_id&limit=${limit}`)).toEqual(counting.slice(0, limit));
    },
  );

  test("are the newest in the order that exports have", async () => {
    expect(new Set(await numbersOf("limit=25"))).toEqual(new Set(counting.slice(-25)));
  });

  test("leave nothing open", async () => {
    // More than there may be exports at once.
    for (let i = 0; i < 40; i++) expect(await numbersOf("limit=3")).toHaveLength(3);
  });
});

test("an export whose first rows are not read yet when the collector closes is refused as unavailable", async () => {
  const closing = new AbortController();
  const store = {
    selectRows: (_: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new WireloomError("canceled", "the query was canceled")));
        closing.abort();
      }),
  } as unknown as QueryStore;
  const event = collectedEvents.find(({ table }) => table.resource === "dns")!;
  const column = event.table.columns.find(({ name }) => name === "transaction_id")!;
  const request = {
    columns: [column],
    filters: [],
    orderBy: [{ column, descending: false }],
  } as unknown as ListParameters;
  const context = { store, slots: new ExportSlots(), request: new AbortController().signal, closing: closing.signal };
  await expect(
    exportRows(event, request, "application/x-ndjson", {
      ...context,
      breakOff: () => undefined,
      log: () => undefined,
    } as never),
  ).rejects.toMatchObject({ code: "unavailable", message: "the collector is closing" });
});
