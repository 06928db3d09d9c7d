import type { CollectedEvent } from "../../plugin/plugin.js";
import { type ParsedFilter, parseFilter } from "../../schema/filter.js";
import { quote } from "../../schema/quote.js";
import { RequestClock } from "../../schema/request-clock.js";
import { describeUnknownFilter, knownFilters } from "../../schema/unknown-filter.js";
import { WireloomError } from "../../wireloom-error.js";
import { checkFilters } from "../query/check-filters.js";
import type { ListRequest } from "../query/list-rows.js";
import { parseOrderBy } from "../query/orderings.js";
import { parsePageSize } from "../query/page-size.js";
import { nowOfPageToken } from "../query/page-token.js";
import { selectColumns } from "./select-columns.js";

/** Parameters that are not filters; each may be given once. */
const CONTROLS = ["order_by", "page_size", "page_token", "limit", "fields", "count", "csv_safe"] as const;
type Control = (typeof CONTROLS)[number];

/** The request that a list's query string states. */
export interface ListParameters extends ListRequest {
  /** Cells of CSV that a spreadsheet would read as formulas are neutralised. */
  readonly isCsvSafe: boolean;
  /** Maximum rows of an export; undefined for all. */
  readonly limit?: number;
}

/**
 * The request that a list's query string states. A filter parameter that is given several times states several conditions, all
 * of which rows must meet. `bound` are conditions that the path states. Throws a {@link WireloomError}
 * `invalid_filter` or `invalid_argument` that names the parameter.
 */
export function parseListParameters(
  event: CollectedEvent,
  parameters: URLSearchParams,
  bound: readonly ParsedFilter[],
): ListParameters {
  const controls = new Map<Control, string>();
  for (const [name, text] of parameters) {
    if (!isControl(name)) continue;
    if (controls.has(name)) throw new WireloomError("invalid_argument", `${name}: the parameter is given twice`);
    controls.set(name, text);
  }
  const pageToken = controls.get("page_token");
  const clock = new RequestClock(nowOfPageToken(pageToken));
  const filters = [...bound];
  for (const [name, text] of parameters) {
    if (!isControl(name)) filters.push(parseFilterParameter(event, name, text, clock));
  }
  checkFilters(filters);
  const orderBy = controls.get("order_by");
  const pageSize = controls.get("page_size");
  const limit = controls.get("limit");
  return {
    filters,
    columns: selectColumns(event, controls.get("fields")),
    orderBy: orderBy === undefined ? [] : parseOrderBy(event.query, orderBy),
    count: countMode(controls.get("count")),
    now: clock.read,
    isCsvSafe: flag("csv_safe", controls.get("csv_safe")),
    ...(pageSize === undefined ? {} : { pageSize: parsePageSize(pageSize) }),
    ...(limit === undefined ? {} : { limit: parseLimit(limit) }),
    ...(pageToken === undefined ? {} : { pageToken }),
  };
}

function isControl(name: string): name is Control {
  return (CONTROLS as readonly string[]).includes(name);
}

function parseFilterParameter(event: CollectedEvent, name: string, text: string, clock: RequestClock): ParsedFilter {
  const { filters } = event.query;
  if (filters.has(name) || (name.endsWith("_neq") && filters.has(name.slice(0, -1))))
    return parseFilter(event.query, name, text, clock);
  throw new WireloomError(
    "invalid_filter",
    `${event.table.resource} has no parameter ${quote(name)}; ${describeUnknownFilter(knownFilters(event.query), name, CONTROLS)}`,
  );
}

function parseLimit(text: string): number {
  const limit = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  if (limit > 0 && Number.isSafeInteger(limit)) return limit;
  const range = `1 to ${Number.MAX_SAFE_INTEGER}`;
  throw new WireloomError("invalid_argument", `limit: ${quote(text)} is not a whole number from ${range}`);
}

function countMode(text = "none"): ListRequest["count"] {
  if (text === "none" || text === "capped" || text === "exact") return text;
  throw new WireloomError("invalid_argument", `count: ${quote(text)} is not none, capped or exact`);
}

function flag(name: string, text = "false"): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw new WireloomError("invalid_argument", `${name}: ${quote(text)} is not true or false`);
}
