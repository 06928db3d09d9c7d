import type { Column, EventTable } from "./event-table.js";
import type { ParsedFilter } from "./filter.js";
import { createNameTest } from "./match-names.js";
import { OPERATORS, type PositiveOperator, type ScalarTest } from "./operators.js";
import { SEMANTIC_TYPES } from "./semantic-types.js";
import type { Scalar } from "./types/semantic-type.js";
import type { Row, Value } from "./value.js";

/** A condition prepared for many rows: the column's index in the table, and the test of a value. */
export interface ValuePredicate {
  readonly columnIndex: number;
  readonly matches: (value: Value) => boolean;
}

/** Whether a row with all of the table's columns meets all conditions, with the same result as in the store. */
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
  const positive = OPERATORS[operator].negates;
  // An operator without an opposite is positive, and only `is_null` has a value of null.
  const match = createPositiveMatch(column, positive ?? (operator as PositiveOperator), values as readonly Scalar[]);
  return positive === undefined ? match : (value) => value !== null && !match(value);
}

function createPositiveMatch(
  column: Column,
  operator: PositiveOperator,
  values: readonly Scalar[],
): (value: Value) => boolean {
  if (!column.isList) {
    const test = createScalarTest(column, operator, values);
    // A row without a value meets no comparison.
    return (value) => value !== null && test(value as Scalar);
  }
  const test = createScalarTest(column, "eq", values);
  return (value) => Array.isArray(value) && value.some((item) => test(item as Scalar));
}

function createScalarTest(column: Column, operator: PositiveOperator, values: readonly Scalar[]): ScalarTest {
  const { comparison } = column;
  // Only texts have a comparison of their own.
  if (comparison !== undefined) return createNameTest(comparison, operator, values as string[]) as ScalarTest;
  return OPERATORS[operator].createTest!(SEMANTIC_TYPES[column.type], values);
}
