import { WireloomError } from "../wireloom-error.js";
import type { Column } from "./event-table.js";
import type { ParsedFilter } from "./filter.js";
import { formatScalar } from "./format-value.js";
import { createMatch } from "./matches-filters.js";
import type { Operator } from "./operators.js";
import { quote } from "./quote.js";
import { SEMANTIC_TYPES } from "./semantic-types.js";
import type { ScalarValue } from "./value.js";

/** Maximum number of values in a message. */
const MAX_SHOWN = 5;
/** Maximum number of pairs of values and conditions that are compared; beyond it, nothing is refused. */
const MAX_TESTS = 10_000;
/** A host without a port matches any port, so nothing is certain about other conditions on it. */
const HOST_OPERATORS: ReadonlySet<Operator> = new Set(["eq", "in", "ne", "not_in"]);

/**
 * Refuses conditions on one column that no value can meet together: two values at once, a value that another condition excludes, an empty
 * range, a value together with no value. Throws `invalid_filter` with the conditions. Only certain contradictions are
 * refused: items of lists, and texts described only by patterns, may meet any condition.
 */
export function refuseContradictions(filters: readonly ParsedFilter[]): void {
  const byColumn = new Map<Column, ParsedFilter[]>();
  for (const filter of filters) {
    if (filter.column.isList) continue;
    const conditions = byColumn.get(filter.column);
    if (conditions === undefined) byColumn.set(filter.column, [filter]);
    else conditions.push(filter);
  }
  for (const [column, conditions] of byColumn) {
    if (conditions.length < 2) continue;
    refuseNullWithValue(column, conditions);
    refuseExcludedValues(column, conditions);
    refuseEmptyRange(column, conditions);
  }
}

function refuseNullWithValue(column: Column, conditions: readonly ParsedFilter[]): void {
  const isNull = conditions.find(({ operator, values }) => operator === "is_null" && values[0] === true);
  const other = conditions.find(({ operator, values }) => operator !== "is_null" || values[0] === false);
  if (isNull === undefined || other === undefined) return;
  throw contradiction(`${column.name}_is_null=true and ${describe(other)} never hold together; leave one of them out`);
}

function refuseExcludedValues(column: Column, conditions: readonly ParsedFilter[]): void {
  const { comparison } = column;
  const certain =
    comparison === "host" ? conditions.filter(({ operator }) => HOST_OPERATORS.has(operator)) : [...conditions];
  const stated = certain.filter(({ operator }) => operator === "eq" || operator === "in");
  // Of hosts any value that is stated may be the one with a port; else the values of one condition must hold.
  const source = comparison === "host" ? stated : stated.slice(0, 1);
  const candidates = source.flatMap(({ values }) => values);
  if (candidates.length === 0 || candidates.length * certain.length > MAX_TESTS) return;
  const matches = certain.map(createMatch);
  if (candidates.some((value) => matches.every((match) => match(value)))) return;
  const first = stated[0]!;
  const other = certain.find((one) => one !== first && !first.values.some(createMatch(one)));
  const advice =
    first.operator === "eq" && other?.operator === "eq"
      ? `for rows with one of the values give ${column.name}_in=${shown(
          column,
          [first, other].flatMap(({ values }) => values),
        )}`
      : "leave one of them out";
  const named = other === undefined ? "the other conditions on it" : describe(other);
  throw contradiction(`${describe(first)} and ${named} never hold together; ${advice}`);
}

function refuseEmptyRange(column: Column, conditions: readonly ParsedFilter[]): void {
  const lower = conditions.filter(({ operator }) => operator === "gt" || operator === "gte");
  const upper = conditions.filter(({ operator }) => operator === "lt" || operator === "lte");
  for (const low of lower) {
    for (const high of upper) {
      const order = SEMANTIC_TYPES[column.type].compare(low.values[0]!, high.values[0]!);
      const isOpen = low.operator === "gt" || high.operator === "lt";
      if (column.comparison === undefined && (order > 0 || (order === 0 && isOpen))) {
        throw contradiction(`${describe(low)} and ${describe(high)} leave no value between them`);
      }
    }
  }
}

function describe({ column, operator, values }: ParsedFilter): string {
  if (operator === "cidr" || operator === "not_cidr") return `${column.name}_${operator}`;
  return `${column.name}_${operator}=${shown(column, values)}`;
}

function shown(column: Column, values: readonly ScalarValue[]): string {
  const texts = values.slice(0, MAX_SHOWN).map((value) => {
    const text = typeof value === "boolean" ? String(value) : formatScalar(column, value);
    return /^[\w.:+-]{1,100}$/.test(text) ? text : quote(text);
  });
  return texts.join(",") + (values.length > MAX_SHOWN ? ",…" : "");
}

function contradiction(message: string): WireloomError {
  return new WireloomError("invalid_filter", message);
}
