import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPredicates, matchesFilters } from "../../schema/matches-filters.js";
import type { Row } from "../../schema/value.js";
import { EVERY_TYPE } from "./every-type.js";
import { filtersOf, operatorsOf } from "./sample-filters.js";
import { sampleRows } from "./sample-values.js";
import { append, INTRODUCTION, type StoreUnderTest } from "./store-under-test.js";
import { testEvent } from "./test-event.js";

const event = testEvent("every_type", EVERY_TYPE);
const { table } = event;
const ID = EVERY_TYPE[0]!;

/** A filter selects the rows that its predicate does, which decides what watchers and the command line see. */
export function describeFilters(tested: StoreUnderTest): void {
  describe("filters", () => {
    it("select what their predicates do, for every operator of every semantic type", async () => {
      const rows = sampleRows(EVERY_TYPE, 200, INTRODUCTION.agentId, 3);
      const store = await tested.open([event]);
      await append(store, event.rowGroup(rows));
      const cases = EVERY_TYPE.flatMap((column) => operatorsOf(column).map((operator) => filtersOf(column, operator)));
      await fc.assert(
        fc.asyncProperty(fc.tuple(...cases), async (filters) => {
          for (const filter of filters) {
            const { column, operator, values } = filter;
            const found = await store.selectRows({ table, columns: [ID], filters: [filter], orderBy: [] });
            const answer = { column: column.name, operator, values };
            expect({ ...answer, ids: idsOf(found) }).toEqual({ ...answer, ids: idsOf(matching(rows, [filter])) });
          }
        }),
        { numRuns: 20 },
      );
    });

    it("are all met by the rows that several of them select, which are counted up to a cap", async () => {
      const rows = sampleRows(EVERY_TYPE, 200, INTRODUCTION.agentId, 4);
      const store = await tested.open([event]);
      await append(store, event.rowGroup(rows));
      const some = fc.constantFrom(...EVERY_TYPE).chain((column) => {
        return fc.constantFrom(...operatorsOf(column)).chain((operator) => filtersOf(column, operator));
      });
      await fc.assert(
        fc.asyncProperty(fc.array(some, { maxLength: 3 }), fc.integer({ min: 1, max: 250 }), async (filters, cap) => {
          const expected = idsOf(matching(rows, filters));
          const selection = { table, columns: [ID], filters, orderBy: [] };
          expect(idsOf(await store.selectRows(selection))).toEqual(expected);
          expect(await store.countRows(table, filters)).toBe(BigInt(expected.length));
          expect(await store.countRows(table, filters, cap)).toBe(BigInt(Math.min(cap, expected.length)));
        }),
        { numRuns: 100 },
      );
    });
  });
}

function matching(rows: readonly Row[], filters: Parameters<typeof createPredicates>[1]): Row[] {
  const predicates = createPredicates(table, filters);
  return rows.filter((row) => matchesFilters(predicates, row));
}

/** The ids of rows, which their first column has. */
function idsOf(rows: readonly Row[]): string[] {
  return rows.map(([id]) => id as string).sort();
}
