import { compareBytes } from "../bytes/compare.js";
import type { Column, EventTable } from "./event-table.js";
import type { ParsedFilter } from "./filter.js";
import { createNameTest } from "./match-names.js";
import { type Operator, POSITIVE_OPERATORS } from "./semantic-type.js";
import { compareText, containsText, createLikeTest, simpleLowerCase } from "./text-match.js";
import type { Row, ScalarValue, Value } from "./value.js";

/** A condition made ready for many rows: the column's place in the table, and whether a value meets the condition. */
export interface ValuePredicate {
  readonly columnIndex: number;
  readonly matches: (value: Value) => boolean;
}

/** Whether a row with all of the table's columns meets all conditions, as the store's answer would have it. */
export function matchesFilters(predicates: readonly ValuePredicate[], row: Row): boolean {
  for (const predicate of predicates) {
    if (!predicate.matches(row[predicate.columnIndex]!)) return false;
  }
  return true;
}

/** Makes conditions on a table's rows ready for {@link matchesFilters}. */
export function createPredicates(table: EventTable, filters: readonly ParsedFilter[]): ValuePredicate[] {
  return filters.map((filter) => ({
    columnIndex: table.columns.findIndex((column) => column.name === filter.column.name),
    matches: createMatch(filter),
  }));
}

/** Whether a value meets a condition. */
export function createMatch({ column, operator, values }: ParsedFilter): (value: Value) => boolean {
  if (operator === "is_null") return (value) => (value === null) === values[0];
  const positive = POSITIVE_OPERATORS[operator];
  const test = createTest(column, positive ?? operator, values);
  return positive === undefined ? test : (value) => value !== null && !test(value);
}

function createTest(column: Column, operator: Operator, values: readonly ScalarValue[]): (value: Value) => boolean {
  const wanted = values[0] as ScalarValue;
  if (column.comparison !== undefined) {
    // Only texts have a comparison of their own.
    const test = createNameTest(column.comparison, operator, values as string[]);
    if (operator === "has") return (value) => Array.isArray(value) && value.some((item) => test(item as string));
    return scalar((value) => test(value as string));
  }
  switch (operator) {
    case "has":
      if (column.type === "flags" && !column.isList)
        return scalar((value) => hasBits(value as number, wanted as number));
      return (value) => Array.isArray(value) && value.some((item) => compareScalars(item, wanted) === 0);
    case "in":
      return scalar((value) => values.some((one) => compareScalars(value, one) === 0));
    case "cidr":
      return scalar((value) => isInRanges(value as bigint, values as readonly bigint[]));
    case "contains": {
      const part = simpleLowerCase(wanted as string);
      return scalar((value) => containsText(value as string, part));
    }
    case "like": {
      const test = createLikeTest(wanted as string);
      return scalar((value) => test(value as string));
    }
    case "prefix":
      return scalar((value) => (value as string).startsWith(wanted as string));
    case "lt":
      return scalar((value) => compareScalars(value, wanted) < 0);
    case "lte":
      return scalar((value) => compareScalars(value, wanted) <= 0);
    case "gt":
      return scalar((value) => compareScalars(value, wanted) > 0);
    case "gte":
      return scalar((value) => compareScalars(value, wanted) >= 0);
    default:
      return scalar((value) => compareScalars(value, wanted) === 0);
  }
}

/** A row without a value meets no comparison. */
function scalar(test: (value: ScalarValue) => boolean): (value: Value) => boolean {
  return (value) => value !== null && test(value as ScalarValue);
}

/** All of the bits are set. */
function hasBits(value: number, bits: number): boolean {
  return (value & bits) >>> 0 === bits;
}

function isInRanges(value: bigint, ranges: readonly bigint[]): boolean {
  for (let i = 0; i < ranges.length; i += 2) {
    if (value >= ranges[i]! && value <= ranges[i + 1]!) return true;
  }
  return false;
}

/** Order of two values of one type, without null; NaN is equal to itself and above every other number, as databases sort it. */
export function compareScalars(left: ScalarValue, right: ScalarValue): number {
  if (typeof left === "string") return compareText(left, right as string);
  if (left instanceof Uint8Array) return compareBytes(left, right as Uint8Array);
  if (typeof left === "number") {
    if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
    if (Number.isNaN(right)) return -1;
  }
  if (left === right) return 0;
  return left! < right! ? -1 : 1;
}
