import { describe, expect, it } from "vitest";
import { collectedEvents } from "../../../generated/collected-events.js";
import type { Row, ScalarValue } from "../../schema/value.js";
import { EVERY_NULLABILITY } from "./every-type.js";
import { randomRowGroup, rowsOf } from "./random-row-group.js";
import { sampleRows } from "./sample-values.js";
import { append, byId, INTRODUCTION, type StoreUnderTest, storedRows } from "./store-under-test.js";
import { testEvent } from "./test-event.js";

/** Rows are read as they were sent. */
export function describeValues(tested: StoreUnderTest): void {
  describe("rows", () => {
    it.each(collectedEvents.map(({ table }) => table.resource))(
      "of %s have every value as it was sent",
      async (resource) => {
        const store = await tested.open(collectedEvents);
        const rowGroups = [
          randomRowGroup(resource, 3000, 1),
          randomRowGroup(resource, 1, 2),
          randomRowGroup(resource, 700, 3),
        ];
        await append(store, ...rowGroups);
        const expected = rowGroups.flatMap((rowGroup) => rowsOf(rowGroup, INTRODUCTION.agentId)).sort(byId);
        expect(await storedRows(store, rowGroups[0]!.event)).toEqual(expected);
      },
    );

    it("have the least, the greatest and no values of every semantic type, over a restart too", async () => {
      const event = testEvent("every_type", EVERY_NULLABILITY);
      const rows = sampleRows(EVERY_NULLABILITY, 500, INTRODUCTION.agentId, 1);
      const store = await tested.open([event]);
      await append(store, event.rowGroup(rows.slice(0, 200)), event.rowGroup(rows.slice(200)));
      const expected = rows.toSorted(byId).map(withPlainZeros);
      expect((await storedRows(store, event)).map(withPlainZeros)).toEqual(expected);
      expect((await storedRows(await tested.open([event]), event)).map(withPlainZeros)).toEqual(expected);
    });

    it("have the columns that are asked for, in their order", async () => {
      const event = testEvent("every_type", EVERY_NULLABILITY);
      const [row] = sampleRows(EVERY_NULLABILITY, 1, INTRODUCTION.agentId, 2);
      const store = await tested.open([event]);
      await append(store, event.rowGroup([row!]));
      const columns = EVERY_NULLABILITY.toReversed();
      const selection = { table: event.table, columns, filters: [], orderBy: [] };
      expect(await store.selectRows(selection)).toEqual([row!.toReversed()]);
    });

    it("keep nothing of the sender's buffer", async () => {
      const store = await tested.open(collectedEvents);
      const rowGroup = randomRowGroup("dns", 500, 4);
      const expected = rowsOf(rowGroup, INTRODUCTION.agentId).sort(byId);
      await append(store, rowGroup);
      rowGroup.rows.fill(0xff);
      expect(await storedRows(store, rowGroup.event)).toEqual(expected);
    });
  });
}

/** A database may store equal numbers as one of them, as DuckDB does when it compresses runs: zeros lose their sign. */
function withPlainZeros(row: Row): Row {
  const plain = (value: ScalarValue): ScalarValue => (value === 0 ? 0 : value);
  return row.map((value) => (Array.isArray(value) ? value.map(plain) : plain(value as ScalarValue)));
}
