import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LIST_OPERATORS, OPERATOR_NAMES, OPERATORS, type Operator } from "./operators.js";
import { SEMANTIC_TYPES, type SemanticTypeName } from "./semantic-types.js";

const types = Object.keys(SEMANTIC_TYPES) as SemanticTypeName[];

/** What columns have an operator, in words. */
function columnsWith(operator: Operator): string {
  if (operator === "is_null") return "columns that may have no value";
  const names = types.filter((type) => SEMANTIC_TYPES[type].operators.includes(operator)) as string[];
  if (LIST_OPERATORS.includes(operator)) names.unshift("lists");
  return names.length === types.length ? "all but lists" : names.join(", ");
}

it("docs/api.md has the operators as they are", () => {
  const rows = OPERATOR_NAMES.map((name) => `| \`${name}\` | ${columnsWith(name)} | ${OPERATORS[name].finds} |`);
  const table = ["| operator | of | finds |", "| --- | --- | --- |", ...rows].join("\n");
  const page = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");
  expect(page.split("\n\n").find((part) => part.startsWith("| operator |"))).toBe(table);
});

it("operators have numbers from 1, each its own", () => {
  expect(OPERATOR_NAMES.map((name) => OPERATORS[name].number)).toEqual(OPERATOR_NAMES.map((_, i) => i + 1));
});

it("an operator has a test, or negates one that has", () => {
  for (const name of OPERATOR_NAMES.filter((one) => one !== "is_null")) {
    const { negates, createTest } = OPERATORS[name];
    expect([name, createTest ?? OPERATORS[negates!].createTest]).toEqual([name, expect.any(Function)]);
  }
});
