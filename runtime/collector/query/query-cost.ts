import type { ParsedFilter } from "../../schema/filter.js";
import { OPERATORS } from "../../schema/operators.js";
import type { QueryKind } from "../../store/query-store.js";
import { WireloomError } from "../../wireloom-error.js";
import type { ListRequest } from "./list-rows.js";

/** Maximum cost of all filters of a request together. */
const MAX_COST = 100;
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

/** Whether a request has to read each row of its table, so that it runs apart from others. */
export function kindOf({ filters, orderBy, count }: Pick<ListRequest, "filters" | "orderBy" | "count">): QueryKind {
  const isCostly =
    count !== "none" ||
    orderBy.some(({ column }) => column.name !== "time" && column.name !== "id") ||
    filters.some(({ operator }) => OPERATORS[operator].isCostly === true);
  return isCostly ? "costly" : "page";
}

function costOf({ operator, values }: ParsedFilter): number {
  return OPERATORS[operator].cost?.(values) ?? 1;
}
