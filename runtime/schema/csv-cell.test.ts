import { expect, it } from "vitest";
import { formatSafeCsvCell } from "./csv-cell.js";
import type { Column } from "./event-table.js";

const column = (type: Column["type"], isList = false) =>
  ({ name: "x", type, isList, enumValues: [] }) as unknown as Column;

// The starts that OWASP's page on CSV injection lists.
it.each(["=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])("%j is made a text", (text) => {
  expect(formatSafeCsvCell(column("text"), text)).toBe(`'${text}`);
  expect(formatSafeCsvCell(column("text", true), [text, "b"])).toBe(`'${text} b`);
});

it("harmless texts, negative numbers and durations stay as they are", () => {
  expect(formatSafeCsvCell(column("text"), "a=b")).toBe("a=b");
  expect(formatSafeCsvCell(column("text"), "")).toBe("");
  expect(formatSafeCsvCell(column("int32"), -5)).toBe("-5");
  expect(formatSafeCsvCell(column("duration"), -1_000_000n)).toBe("-0.001s");
});
