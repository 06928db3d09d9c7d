import fc from "fast-check";
import { expect, it } from "vitest";
import { columnWidths, fittingColumns } from "./column-widths.js";

const text = (heading: number, values: number) => ({ heading, values, isWhole: false });
const number = (heading: number, values: number) => ({ heading, values, isWhole: true });

it("what fits keeps its width, of heading and values the larger", () => {
  expect(columnWidths([text(4, 10), number(8, 3)], 20, 2)).toEqual([10, 8]);
});

it("headings give way before values, wide texts before narrow ones, numbers never", () => {
  // 3 + 20 + 2 gap = 25: the heading of the number is cut.
  expect(columnWidths([number(19, 3), text(4, 20)], 30, 2)).toEqual([8, 20]);
  expect(columnWidths([number(4, 9), text(4, 40), text(4, 12), text(4, 7)], 46, 2)).toEqual([9, 12, 12, 7]);
});

const column = fc.record({
  heading: fc.integer({ min: 1, max: 30 }),
  values: fc.integer({ min: 0, max: 5000 }),
  isWhole: fc.boolean(),
});

it("columns are as wide as can be: never beyond the room unless each is at its least, and never wider than they need", () => {
  fc.assert(
    fc.property(
      fc.array(column, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 20, max: 300 }),
      (columns, total) => {
        const widths = columnWidths(columns, total, 2);
        const sum = widths.reduce((all, width) => all + width, 2 * (columns.length - 1));
        for (const [i, { heading, values, isWhole }] of columns.entries()) {
          expect(widths[i]).toBeLessThanOrEqual(Math.max(heading, values));
          if (isWhole) expect(widths[i]).toBeGreaterThanOrEqual(values);
        }
        if (sum > total) expect(widths.every((width, i) => width <= 6 || columns[i]!.isWhole)).toBe(true);
      },
    ),
  );
});

it("columns at the end are left out where whole values do not fit beside each other, and no more of them than must be", () => {
  expect(fittingColumns([number(4, 15), text(4, 40), number(4, 9)], 80, 2)).toBe(3);
  // 15 + 2 + 6 + 2 + 9 is 34.
  expect(fittingColumns([number(4, 15), text(4, 40), number(4, 9)], 34, 2)).toBe(3);
  expect(fittingColumns([number(4, 15), text(4, 40), number(4, 9)], 33, 2)).toBe(2);
  expect(fittingColumns([number(4, 15), text(4, 40)], 10, 2)).toBe(1);
  fc.assert(
    fc.property(
      fc.array(column, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 20, max: 300 }),
      (columns, total) => {
        const fitting = fittingColumns(columns, total, 2);
        const taken = (count: number) =>
          columnWidths(columns.slice(0, count), total, 2).reduce((sum, width) => sum + width + 2, -2);
        if (fitting > 1) expect(taken(fitting)).toBeLessThanOrEqual(total);
        if (fitting < columns.length) expect(taken(fitting + 1)).toBeGreaterThan(total);
      },
    ),
  );
});
