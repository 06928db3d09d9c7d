import { refuseContradictions } from "../../schema/contradiction.js";
import type { ParsedFilter } from "../../schema/filter.js";
import { WireloomError } from "../../wireloom-error.js";

/** Maximum of conditions in one request. */
const MAX_FILTERS = 100;

/** Refuses too many conditions, and conditions that no row can meet together. Throws `invalid_argument` or `invalid_filter`. */
export function checkFilters(filters: readonly ParsedFilter[]): void {
  checkFilterCount(filters.length);
  refuseContradictions(filters);
}

/** Refuses too many conditions. Throws `invalid_argument`. */
export function checkFilterCount(count: number): void {
  if (count <= MAX_FILTERS) return;
  throw new WireloomError(
    "invalid_argument",
    `there are ${count} filters, and a request may have ${MAX_FILTERS}; give fewer, such as one "in" for many values`,
  );
}
