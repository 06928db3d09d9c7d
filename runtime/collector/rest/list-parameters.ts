import type { CollectedEvent } from "../../plugin/plugin.js";
import type { Column } from "../../schema/event-table.js";
import { type ParsedFilter, parseFilter } from "../../schema/filter.js";
import { describeNearest } from "../../schema/nearest-name.js";
import { quote } from "../../schema/parse-value.js";
import { WireloomError } from "../../wireloom-error.js";
import type { ListRequest } from "../query/list-rows.js";
import { parseOrderBy } from "../query/orderings.js";

/** Conditions of one request at most. */
const MAX_FILTERS = 100;
/** Parameters that are no filters; each may be given once. */
const CONTROLS = ["order_by", "page_size", "page_token", "fields", "count"] as const;
type Control = (typeof CONTROLS)[number];

/**
 * What a list's query string asks for. A filter parameter that is given several times states several conditions, all
 * of which rows must meet. `bound` are conditions that the path states. Throws a {@link WireloomError}
 * `invalid_filter` or `invalid_argument` that names the parameter.
 */
export function parseListParameters(
  event: CollectedEvent,
  parameters: URLSearchParams,
  bound: readonly ParsedFilter[],
): ListRequest {
  const controls = new Map<Control, string>();
  const filters = [...bound];
  for (const [name, text] of parameters) {
    if (isControl(name)) {
      if (controls.has(name)) throw new WireloomError("invalid_argument", `${name}: the parameter is given twice`);
      controls.set(name, text);
    } else {
      filters.push(parseFilterParameter(event, name, text));
      if (filters.length > MAX_FILTERS) {
        throw new WireloomError(
          "invalid_argument",
          `there are more than ${MAX_FILTERS} filters; give fewer, such as one "in" for many values`,
        );
      }
    }
  }
  const orderBy = controls.get("order_by");
  const pageSize = controls.get("page_size");
  const pageToken = controls.get("page_token");
  return {
    filters,
    columns: selectedColumns(event, controls.get("fields")),
    orderBy: orderBy === undefined ? [] : parseOrderBy(event.query, orderBy),
    count: countMode(controls.get("count")),
    ...(pageSize === undefined ? {} : { pageSize: wholeNumber("page_size", pageSize) }),
    ...(pageToken === undefined ? {} : { pageToken }),
  };
}

function isControl(name: string): name is Control {
  return (CONTROLS as readonly string[]).includes(name);
}

function parseFilterParameter(event: CollectedEvent, name: string, text: string): ParsedFilter {
  const { filters } = event.query;
  if (filters.has(name) || (name.endsWith("_neq") && filters.has(name.slice(0, -1))))
    return parseFilter(event.query, name, text);
  throw new WireloomError(
    "invalid_filter",
    `${event.table.resource} has no parameter ${quote(name)}; ${describeNearest(name, [...CONTROLS, ...filters.keys()])}`,
  );
}

function selectedColumns(event: CollectedEvent, fields: string | undefined): readonly Column[] {
  const { columns } = event.table;
  if (fields === undefined) return columns;
  const names = fields.split(",").map((name) => name.trim());
  for (const name of names) {
    if (columns.some((column) => column.name === name)) continue;
    const known = columns.map((column) => column.name);
    throw new WireloomError(
      "invalid_argument",
      `fields: ${event.table.resource} has no field ${quote(name)}; ${describeNearest(name, known)}`,
    );
  }
  return columns.filter((column) => names.includes(column.name));
}

function countMode(text = "none"): ListRequest["count"] {
  if (text === "none" || text === "capped" || text === "exact") return text;
  throw new WireloomError("invalid_argument", `count: ${quote(text)} is not none, capped or exact`);
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new WireloomError("invalid_argument", `${name}: ${quote(text)} is not a whole number from 1 to 1000`);
}
