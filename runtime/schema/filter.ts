import { WireloomError } from "../wireloom-error.js";
import type { Column, EventQuery, Filter } from "./event-table.js";
import { parseNetwork } from "./ip-text.js";
import { OPERATORS, type Operator } from "./operators.js";
import { parseValue } from "./parse-value.js";
import { quote } from "./quote.js";
import { RequestClock } from "./request-clock.js";
import { splitValues } from "./split-values.js";
import { describeUnknownFilter, knownFilters } from "./unknown-filter.js";
import type { ScalarValue } from "./value.js";

/** Maximum number of values of one `in`. */
const MAX_VALUES = 1000;
/** Maximum length of a `like` pattern: a match may take this number of steps for each character of the text. */
const MAX_PATTERN_LENGTH = 1000;

/**
 * A condition on one column, as in SQL: a row without a value does not meet any condition on it except
 * `is_null=true`, so `ne` excludes rows without a value, too.
 */
export interface ParsedFilter {
  readonly column: Column;
  readonly operator: Operator;
  /** One canonical value; 1 to {@link MAX_VALUES} for `in`; pairs of first and last address for `cidr`; a boolean for `is_null`. */
  readonly values: readonly ScalarValue[];
}

/**
 * The condition of the parameter `name=text`, by the rules of docs/api.md; `clock` returns the time of `now`. Throws a
 * {@link WireloomError} `invalid_filter` for an unknown parameter, with a suggestion, and for a value of the wrong form.
 */
export function parseFilter(query: EventQuery, name: string, text: string, clock?: RequestClock): ParsedFilter {
  const filter = resolveFilter(query, name);
  const texts = takesList(filter.operator) ? splitValues(text, name) : [text];
  return filterWithValues(filter, texts, name, clock);
}

/** The condition of a filter and its values as texts; `parameter` names it in messages. */
export function filterWithValues(
  filter: Filter,
  texts: readonly string[],
  parameter: string,
  clock: RequestClock = new RequestClock(),
): ParsedFilter {
  const { column, operator } = filter;
  if (takesList(operator)) {
    if (texts.length === 0 || texts.length > MAX_VALUES) {
      throw new WireloomError(
        "invalid_filter",
        `${parameter}: ${texts.length} values are given, 1 to ${MAX_VALUES} are expected`,
      );
    }
    return { column, operator, values: texts.map((text) => parseValue(column, text, parameter, clock)) };
  }
  const [text] = texts;
  if (text === undefined || texts.length > 1) {
    throw new WireloomError("invalid_filter", `${parameter}: ${texts.length} values are given, one is expected`);
  }
  const { operand } = OPERATORS[operator];
  if (operand === "network") {
    const network = parseNetwork(text);
    if (network === undefined) {
      throw new WireloomError(
        "invalid_filter",
        `${parameter}: ${quote(text)} is not a network such as 10.0.0.0/8 or 2001:db8::/32`,
      );
    }
    if (!network.isExact) {
      throw new WireloomError(
        "invalid_filter",
        `${parameter}: ${quote(text)} has bits beyond its prefix; did you mean ${network.text}? an address alone is one without a prefix`,
      );
    }
    return { column, operator, values: network.ranges };
  }
  if (operand === "boolean") {
    if (text !== "true" && text !== "false") {
      throw new WireloomError("invalid_filter", `${parameter}: ${quote(text)} is not true or false`);
    }
    return { column, operator, values: [text === "true"] };
  }
  if (operand === "pattern") checkPattern(text, parameter);
  return { column, operator, values: [parseValue(column, text, parameter, clock)] };
}

/** Looks up a parameter; `_neq` is treated as `_ne`. */
export function resolveFilter(query: EventQuery, name: string): Filter {
  const filter = query.filters.get(name) ?? (name.endsWith("_neq") ? query.filters.get(name.slice(0, -1)) : undefined);
  if (filter !== undefined) return filter;
  throw new WireloomError(
    "invalid_filter",
    `there is no filter ${quote(name)}; ${describeUnknownFilter(knownFilters(query), name)}`,
  );
}

function takesList(operator: Operator): boolean {
  return OPERATORS[operator].operand === "values";
}

function checkPattern(pattern: string, parameter: string): void {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw new WireloomError(
      "invalid_filter",
      `${parameter}: the pattern is longer than ${MAX_PATTERN_LENGTH} characters`,
    );
  }
  if (/\\*$/.exec(pattern)![0].length % 2 === 1) {
    throw new WireloomError(
      "invalid_filter",
      `${parameter}: ${quote(pattern)} ends in a lone \\; write \\\\ for the character itself`,
    );
  }
}
