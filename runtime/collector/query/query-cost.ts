import type { ParsedFilter } from "../../schema/filter.js";
import type { Operator } from "../../schema/semantic-type.js";
import type { QueryKind } from "../../store/store.js";
import { WireloomError } from "../../wireloom-error.js";
import type { ListRequest } from "./list-rows.js";

/** What all filters of a request may cost together. */
const MAX_COST = 100;
/** Values of an `in` that cost as much as a comparison. */
const VALUES_A_POINT = 50;

/** Operators that look at each character of a text, or at each item of a list. */
const COSTLY_OPERATORS: ReadonlySet<Operator> = new Set(["like", "contains", "has", "not_like", "not_contains"]);

/**
 * Refuses filters that would cost more than a request may, in points: a comparison is one, `in` one for each 50 values, `prefix` two, `has`
 * four, `contains` eight, `like` eight and one more for each `%`. Throws `invalid_argument`.
 */
export function checkCost(filters: readonly ParsedFilter[]): void {
  const cost = filters.reduce((sum, filter) => sum + costOf(filter), 0);
  if (cost <= MAX_COST) return;
  throw new WireloomError(
    "invalid_argument",
    `the filters cost ${cost} points, and a request may cost ${MAX_COST}; give fewer filters with like and contains`,
  );
}

/** Whether a request has to look at each row of its table, so that it must not keep others waiting. */
export function kindOf({ filters, orderBy, count }: Pick<ListRequest, "filters" | "orderBy" | "count">): QueryKind {
  const isCostly =
    count !== "none" ||
    orderBy.some(({ column }) => column.name !== "time" && column.name !== "id") ||
    filters.some(({ operator }) => COSTLY_OPERATORS.has(operator));
  return isCostly ? "costly" : "page";
}

function costOf({ operator, values }: ParsedFilter): number {
  switch (operator) {
    case "in":
    case "not_in":
      return Math.ceil(values.length / VALUES_A_POINT);
    case "prefix":
    case "not_prefix":
      return 2;
    case "has":
      return 4;
    case "contains":
    case "not_contains":
      return 8;
    case "like":
    case "not_like":
      return 8 + String(values[0]).split("%").length - 1;
    default:
      return 1;
  }
}
