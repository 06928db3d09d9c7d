import fc from "fast-check";
import { expect, it } from "vitest";
import { columnWidths, fittingColumns } from "./column-widths.js";

const text = (heading: number, values: number) => ({ heading, values, isWhole: false });
const number = (heading: number, values: number) => ({ heading, values, isWhole: true });

it("columns that fit keep their width, the larger of heading and values", () => {
  expect(columnWidths([text(4, 10), number(8, 3)], 20, 2)).toEqual([10, 8]);
});

it("headings are shortened before values, wide texts before narrow ones, numbers never", () => {
  // 3 + 20 + 2 gap = 25: the heading of the number is truncated.
  expect(columnWidths([number(19, 3), text(4, 20)], 30, 2)).toEqual([8, 20]);
  expect(columnWidths([number(4, 9), text(4, 40), text(4, 12), text(4, 7)], 46, 2)).toEqual([9, 12, 12, 7]);
});

const column = fc.record({
  heading: fc.integer({ min: 1, max: 30 }),
  values: fc.integer({ min: 0, max: 5000 }),
  isWhole: fc.boolean(),
});

it("columns use the available width, exceed it only if each has its minimum, and are never wider than needed", () => {
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

it("columns whose values do not fit are omitted, by rank and from the end, and no more than necessary", () => {
  const ranked = (...columns: [ReturnType<typeof text>, number][]) =>
    columns.map(([content, rank]) => ({ ...content, rank }));
  const three = ranked([number(4, 15), 0], [text(4, 40), 0], [number(4, 9), 0]);
  // 15 + 2 + 16 + 2 + 9 is 44.
  expect(fittingColumns(three, 44, 2)).toEqual([0, 1, 2]);
  expect(fittingColumns(three, 43, 2)).toEqual([0, 1]);
  expect(fittingColumns(three, 10, 2)).toEqual([0]);
  expect(fittingColumns(ranked([number(4, 15), 0], [number(4, 9), 3], [text(4, 40), 0]), 43, 2)).toEqual([0, 2]);
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(column, fc.nat(3)).map(([content, rank]) => ({ ...content, rank })),
        { minLength: 1, maxLength: 12 },
      ),
      fc.integer({ min: 20, max: 300 }),
      (columns, total) => {
        const shown = fittingColumns(columns, total, 2);
        const widths = columnWidths(
          shown.map((i) => columns[i]!),
          total,
          2,
        );
        const taken = widths.reduce((sum, width) => sum + width + 2, -2);
        if (shown.length > 1) expect(taken).toBeLessThanOrEqual(total);
        // Texts have 16 columns, or all that they need.
        for (const [i, place] of shown.entries()) {
          if (shown.length > 1) expect(widths[i]).toBeGreaterThanOrEqual(Math.min(16, columns[place]!.values));
        }
        const omitted = [...columns.keys()].filter((i) => !shown.includes(i));
        for (const i of omitted) {
          for (const j of shown) {
            const { rank } = columns[i]!;
            expect(columns[j]!.rank < rank || (columns[j]!.rank === rank && j < i)).toBe(true);
          }
        }
      },
    ),
  );
});
