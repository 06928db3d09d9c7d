import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Column } from "../../schema/event-table.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import type { Scalar } from "../../schema/types/semantic-type.js";
import type { Row } from "../../schema/value.js";
import type { Ordering } from "../query-store.js";
import { EVERY_NULLABILITY } from "./every-type.js";
import { sampleRows } from "./sample-values.js";
import { append, INTRODUCTION, type StoreUnderTest } from "./store-under-test.js";
import { testEvent } from "./test-event.js";

const COLUMNS = EVERY_NULLABILITY;
const event = testEvent("every_type", COLUMNS);
const { table } = event;
const [ID, TIME] = [COLUMNS[0]!, COLUMNS[1]!];
const ROWS = 300;
const ORDERED = COLUMNS.filter(({ type, isList }) => SEMANTIC_TYPES[type].isOrdered && !isList);

/** Orders that end with the id, so that each has one answer. */
const orders = fc
  .tuple(fc.constantFrom(...ORDERED), fc.constantFrom(...ORDERED), fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()))
  .map(([first, second, down]) =>
    [...new Set([first, second, ID])].map((column, i): Ordering => ({ column, isDescending: down[i]! })),
  );

/** Rows are in order, and pages continue where the page before them ended. */
export function describePages(tested: StoreUnderTest): void {
  describe("pages", () => {
    it("have all rows once and in order, whatever the columns, the directions and the size of a page", async () => {
      const rows = sampleRows(COLUMNS, ROWS, INTRODUCTION.agentId, 5);
      const store = await tested.open([event]);
      await append(store, event.rowGroup(rows));
      const limits = fc.constantFrom(37, 100, ROWS - 1, ROWS, ROWS + 1, 1001, 1002);
      await fc.assert(
        fc.asyncProperty(orders, limits, async (orderBy, limit) => {
          const columns = orderBy.map(({ column }) => column);
          const found: Row[] = [];
          for (;;) {
            const last = found.at(-1);
            const selection = { table, columns, filters: [], orderBy, limit };
            const page = await store.selectRows(last === undefined ? selection : { ...selection, after: last });
            expect(page.length).toBeLessThanOrEqual(limit);
            found.push(...page);
            if (page.length < limit) break;
          }
          const places = columns.map((column) => COLUMNS.indexOf(column));
          expect(found).toEqual(rows.map((row) => places.map((at) => row[at]!)).sort(compareBy(orderBy)));
        }),
        { numRuns: 100, examples: ORDERED.map((column) => [[...new Set([column, ID])].map(ascending), 100]) },
      );
    });

    it("are none where no rows are, which have no time either", async () => {
      const store = await tested.open([event]);
      const orderBy = [ascending(TIME), ascending(ID)];
      expect(await store.selectRows({ table, columns: [ID], filters: [], orderBy, limit: 10 })).toEqual([]);
      expect(await store.countRows(table, [])).toBe(0n);
      expect(await store.timeRange(table)).toBeUndefined();
    });

    it("are within the first and the last time", async () => {
      const rows = sampleRows(COLUMNS, ROWS, INTRODUCTION.agentId, 6);
      const store = await tested.open([event]);
      await append(store, event.rowGroup(rows));
      const times = rows.map((row) => row[COLUMNS.indexOf(TIME)] as bigint).sort((a, b) => (a < b ? -1 : 1));
      expect(await store.timeRange(table)).toEqual({ first: times[0], last: times.at(-1) });
    });
  });
}

function ascending(column: Column): Ordering {
  return { column, isDescending: false };
}

/** The order of rows whose columns are those of an order: rows without a value come last, whatever the direction. */
function compareBy(orderBy: readonly Ordering[]): (left: Row, right: Row) => number {
  return (left, right) => {
    for (const [i, { column, isDescending }] of orderBy.entries()) {
      const [a, b] = [left[i] as Scalar | null, right[i] as Scalar | null];
      if (a === null && b === null) continue;
      if (a === null) return 1;
      if (b === null) return -1;
      const order = SEMANTIC_TYPES[column.type].compare(a, b);
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  };
}
