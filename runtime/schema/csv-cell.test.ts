import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { expect, it } from "vitest";
import { formatSafeCsvCell } from "./csv-cell.js";
import type { Column } from "./event-table.js";
import { formatCell } from "./format-value.js";

const column = (type: Column["type"], isList = false) =>
  ({ name: "x", type, isList, enumValues: [] }) as unknown as Column;

// The starts that OWASP's page on CSV injection lists.
it.each(["=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])("%j is marked as text", (text) => {
  expect(formatSafeCsvCell(column("text"), text)).toBe(`'${text}`);
  // In a list, an item with white space begins with a quote, which begins no formula.
  expect(formatSafeCsvCell(column("text", true), [text, "b"])).toBe(
    /\s/.test(text) ? `${JSON.stringify(text)} b` : `'${text} b`,
  );
});

it("harmless texts, negative numbers and durations are unchanged", () => {
  expect(formatSafeCsvCell(column("text"), "a=b")).toBe("a=b");
  expect(formatSafeCsvCell(column("text"), "")).toBe("");
  expect(formatSafeCsvCell(column("int32"), -5)).toBe("-5");
  expect(formatSafeCsvCell(column("duration"), -1_000_000n)).toBe("-0.001s");
});

// By hand. What stands in most lists stays as it is.
it.each([
  [["a.example", "b.example"], "a.example b.example"],
  [["two words", "b"], '"two words" b'],
  [["two", "words", "b"], "two words b"],
  [["a\tb", "c\u00a0d"], '"a\\tb" "c\u00a0d"'],
  [['say "hi"'], '"say \\"hi\\""'],
  [["back\\slash", "a,b"], "back\\slash a,b"],
  [[""], '""'],
  [["", "a"], '"" a'],
  [[], ""],
])("the list %j is the cell %s", (items, cell) => {
  expect(formatCell(column("text", true), items)).toBe(cell);
});

it("an empty item of bytes is not an empty list", () => {
  expect(formatCell(column("bytes", true), [new Uint8Array(0), Uint8Array.of(1)])).toBe('"" 01');
});

/** The cells of one line of CSV, as RFC 4180, section 2 has them. */
function readLine(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/gy)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
  );
}

/** The items of a list's cell, as docs/api.md says that they are read. */
function readItems(cell: string): string[] {
  const items = cell.match(/"(?:[^"\\]|\\.)*"|[^ ]+/g) ?? [];
  return items.map((item) => (item.startsWith('"') ? (JSON.parse(item) as string) : item));
}

it("a list of any texts is read back from a line of CSV", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom("a", " ", '"', "\\", ",", "\n", "\t", "\u00a0", "\u2028", "'", "[", "]"),
      maxLength: 5,
    }),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), fc.array(text, { maxLength: 4 }), (first, second) => {
      const cells = [first, second].map((items) => formatCell(column("text", true), items));
      const read = readLine(stringify([["x", ...cells, "x"]]).replace(/\n$/, ""));
      expect([read[0], read.at(-1)]).toEqual(["x", "x"]);
      expect(read.slice(1, -1).map(readItems)).toEqual([first, second]);
    }),
    { numRuns: 1000 },
  );
});
