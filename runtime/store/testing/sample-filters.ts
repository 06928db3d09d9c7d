import fc from "fast-check";
import type { Column } from "../../schema/event-table.js";
import type { ParsedFilter } from "../../schema/filter.js";
import { parseNetwork } from "../../schema/ip-text.js";
import { LIST_OPERATORS, OPERATORS, type Operator } from "../../schema/operators.js";
import { SEMANTIC_TYPES } from "../../schema/semantic-types.js";
import type { ScalarValue } from "../../schema/value.js";
import { scalarsOf } from "./sample-values.js";

const NETWORKS = [
  "10.0.0.0/8",
  "10.0.0.1",
  "0.0.0.0/0",
  "::/0",
  "::/80",
  "::ffff:0:0/96",
  "2001:db8::/32",
  "8000::/1",
  "::ffff:10.0.0.0/104",
  "::ffff:10.0.0.1",
  "::fffe:0:0/95",
  "ff00::/8",
];

const PATTERNS = fc.string({
  unit: fc.constantFrom("a", "b", "%", "_", "\\%", "\\_", "\\\\", "A", "İ", "\u{1f600}", "."),
  maxLength: 6,
});

/** The operators of a column's filters. */
export function operatorsOf({ type, isList, isNullable }: Column): readonly Operator[] {
  if (isList) return LIST_OPERATORS;
  const { operators } = SEMANTIC_TYPES[type];
  return isNullable ? [...operators, "is_null"] : operators;
}

/** Conditions on a column. */
export function filtersOf(column: Column, operator: Operator): fc.Arbitrary<ParsedFilter> {
  return valuesOf(column, operator).map((values) => ({ column, operator, values }));
}

function valuesOf(column: Column, operator: Operator): fc.Arbitrary<readonly ScalarValue[]> {
  switch (OPERATORS[operator].operand) {
    case "value":
      return scalarsOf(column).map((value) => [value]);
    case "values":
      return fc.array(scalarsOf(column), { minLength: 1, maxLength: 3 });
    case "network":
      return fc.constantFrom(...NETWORKS).map((network) => parseNetwork(network)!.ranges);
    case "pattern":
      return PATTERNS.map((pattern) => [pattern]);
    case "boolean":
      return fc.boolean().map((value) => [value]);
  }
}
