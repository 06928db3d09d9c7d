import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Column, EventTable } from "../schema/event-table.js";
import type { ScalarValue } from "../schema/value.js";
import { printColumns } from "./printed-table.js";
import { parseSort, RowSorter } from "./row-sorter.js";

const column = (name: string, type: Column["type"], isList = false) =>
  ({ name, type, isList, isNullable: true, isListed: true, title: name, messagePath: [name] }) as unknown as Column;
const toys = {
  resource: "toys",
  columns: [column("size", "uint32"), column("name", "text"), column("tags", "text", true)],
} as unknown as EventTable;
const games = { resource: "games", columns: [column("size", "text"), column("name", "text")] } as unknown as EventTable;
const table = printColumns(toys, ({ name }) => name !== "tags");

function sorted(sort: string, rows: readonly (readonly ScalarValue[])[], wanted?: number) {
  const sorter = new RowSorter(parseSort(sort, [toys]), wanted);
  for (const row of rows) sorter.add(table, row, { value: (index) => row[index]! });
  return sorter.take().map(({ values }) => values);
}

describe("parsing", () => {
  it.each([
    ["colour", [toys], /toys has no field "colour"; there are size, name, tags/],
    ["siez", [toys], /the nearest is "size"/],
    ["tags", [toys], /is a list/],
    ["size", [toys, games], /not of one type/],
    ["size down", [toys], /is not a field with asc or desc/],
    ["", [toys], /is not a field/],
  ])("%s is refused", (text, tables, message) => {
    expect(() => parseSort(text, tables)).toThrow(message);
  });

  it("names and directions are case-insensitive", () => {
    expect(parseSort("NAME Desc, size", [toys])).toEqual([
      { name: "name", isDescending: true, type: "text" },
      { name: "size", isDescending: false, type: "uint32" },
    ]);
  });
});

describe("sorting", () => {
  it("rows of equal values keep their order, rows without a value come last in either direction", () => {
    const rows = [
      [2, "b"],
      [null, "x"],
      [1, "c"],
      [2, "a"],
    ] as const;
    expect(sorted("size", rows)).toEqual([
      [1, "c"],
      [2, "b"],
      [2, "a"],
      [null, "x"],
    ]);
    expect(sorted("size desc", rows)).toEqual([
      [2, "b"],
      [2, "a"],
      [1, "c"],
      [null, "x"],
    ]);
    expect(sorted("size desc,name", rows)).toEqual([
      [2, "a"],
      [2, "b"],
      [1, "c"],
      [null, "x"],
    ]);
  });

  it("a count returns the first rows of the complete result", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 5000, size: "max" }),
        fc.integer({ min: 1, max: 30 }),
        (sizes, wanted) => {
          const rows = sizes.map((size, i) => [size, String(i)] as const);
          const order = rows.toSorted((a, b) => b[0] - a[0]);
          expect(sorted("size desc", rows, wanted)).toEqual(order.slice(0, wanted));
        },
      ),
      { numRuns: 20 },
    );
  });

  it("memory is limited: more rows are an error with a remedy, unless a count limits them", () => {
    const fill = (wanted?: number) => {
      const sorter = new RowSorter(parseSort("size", [toys]), wanted, 1024 * 1024);
      for (let i = 0; i < 2000; i++) {
        const row = [i, "x".repeat(1000)];
        sorter.add(table, row, { value: (index) => row[index]! });
      }
      return sorter.take();
    };
    expect(() => fill()).toThrow(
      expect.objectContaining({ code: "resource_exhausted", message: expect.stringMatching(/at most 1 MiB.*--count/) }),
    );
    expect(fill(10).map(({ values }) => values[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
