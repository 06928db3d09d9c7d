import { nearestName, parseFilter } from "../schema/filter.js";
import { createPredicates, matchesFilters, type ValuePredicate } from "../schema/matches-filters.js";
import type { Row } from "../schema/value.js";
import { WireloomError } from "../wireloom-error.js";

/** The `--filter` options of a command, ready for rows of several protocols. */
export interface RowFilter {
  /** Protocols that have every column the filters name. */
  readonly resources: Set<string>;
  matches(resource: string, row: Row): boolean;
}

/**
 * Parses `name=value` filters for some protocols. A protocol without one of the filters' columns is left out, or, when it was
 * asked for by name, is an error.
 */
export async function parseRowFilter(
  options: readonly string[],
  resources: ReadonlySet<string>,
  isAskedFor: boolean,
): Promise<RowFilter> {
  // Only a filter needs the query maps: loading them costs a run without one.
  const { collectedEvents } = await import("../../generated/collected-events.js");
  const events = collectedEvents.filter(({ table }) => resources.has(table.resource));
  const parts = options.map((option) => {
    const equals = option.indexOf("=");
    if (equals < 1)
      throw new WireloomError("usage", `filter "${option}" is not of the form name=value, such as dst_port_eq=53`);
    return { name: option.slice(0, equals), value: option.slice(equals + 1) };
  });
  const has = (filters: ReadonlyMap<string, unknown>, name: string) => filters.has(name.replace(/_neq$/, "_ne"));
  const matching = events.filter(({ query }) => isAskedFor || parts.every(({ name }) => has(query.filters, name)));
  if (matching.length === 0) {
    const names = new Set(events.flatMap(({ query }) => [...query.filters.keys()]));
    const unknown =
      parts.find(({ name }) => !has(new Map([...names].map((known) => [known, true])), name)) ?? parts[0]!;
    const nearest = nearestName(unknown.name, names);
    throw new WireloomError(
      "usage",
      `no protocol has the filter "${unknown.name}"${names.has(unknown.name) ? " and the others too" : `; the nearest is "${nearest}"`}`,
    );
  }
  const predicates = new Map<string, readonly ValuePredicate[]>();
  for (const { table, query } of matching) {
    const filters = parts.map(({ name, value }) => parseFilter(query, name, value));
    predicates.set(table.resource, createPredicates(table, filters));
  }
  return {
    resources: new Set(predicates.keys()),
    matches: (resource, row) => matchesFilters(predicates.get(resource)!, row),
  };
}
