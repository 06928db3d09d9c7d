import { refuseContradictions } from "../schema/contradiction.js";
import type { EventQuery } from "../schema/event-table.js";
import { parseFilter } from "../schema/filter.js";
import { createPredicates, matchesFilters, type ValuePredicate } from "../schema/matches-filters.js";
import { RequestClock } from "../schema/request-clock.js";
import { describeUnknownFilter, type KnownFilters, knownFilters } from "../schema/unknown-filter.js";
import type { Row } from "../schema/value.js";
import { WireloomError } from "../wireloom-error.js";
import { describeEachOwner, describeOwners } from "./describe-owners.js";

/** The `--filter` options of a command, parsed for rows of several protocols. */
export interface RowFilter {
  /** Protocols that have every column the filters name. */
  readonly resources: Set<string>;
  /** Indexes of the filters' columns in the protocol's table. */
  columnIndexes(resource: string): readonly number[];
  /** Whether a row meets all filters; only the columns of {@link columnIndexes} are required. */
  matches(resource: string, row: Row): boolean;
}

/**
 * Parses `name=value` filters for several protocols; names are case-insensitive. A protocol without one of the filters' columns is
 * omitted; if it was requested by name, that is an error.
 */
export async function parseRowFilter(
  options: readonly string[],
  resources: ReadonlySet<string>,
  isAskedFor: boolean,
): Promise<RowFilter> {
  const parts = options.map(splitFilter);
  // Only filters need the query maps: loading them delays a run without filters.
  const { collectedEvents } = await import("../../generated/collected-events.js");
  const events = collectedEvents.filter(({ table }) => resources.has(table.resource));
  const has = ({ query }: (typeof events)[number], name: string) => query.filters.has(name.replace(/_neq$/, "_ne"));
  const ownersOf = (name: string) =>
    collectedEvents.filter((event) => has(event, name)).map(({ table }) => table.resource);
  const matching = events.filter((event) => isAskedFor || parts.every(({ name }) => has(event, name)));
  if (matching.length === 0) {
    const unknown = parts.find(({ name }) => !events.some((event) => has(event, name)));
    throw new WireloomError(
      "usage",
      unknown === undefined
        ? `no protocol has all of the filters ${describeEachOwner(
            parts.map(({ name }) => name),
            ownersOf,
          )}`
        : `no protocol has the filter "${unknown.name}"; ${describeUnknownFilter(
            filtersOfAny(events.map(({ query }) => query)),
            unknown.name,
          )}; wireloom plugins <protocol> shows all fields`,
    );
  }
  for (const event of matching) {
    for (const { name } of parts) {
      const owners = has(event, name) ? undefined : describeOwners(ownersOf(name), resources);
      if (owners !== undefined)
        throw new WireloomError("usage", `${event.table.resource} has no filter "${name}"; ${owners}`);
    }
  }
  const predicates = new Map<string, readonly ValuePredicate[]>();
  for (const { table, query } of matching) {
    const clock = new RequestClock();
    const filters = parts.map(({ name, value }) => parseFilter(query, name, value, clock));
    refuseContradictions(filters);
    predicates.set(table.resource, createPredicates(table, filters));
  }
  return {
    resources: new Set(predicates.keys()),
    columnIndexes: (resource) => predicates.get(resource)!.map(({ columnIndex }) => columnIndex),
    matches: (resource, row) => matchesFilters(predicates.get(resource)!, row),
  };
}

/** The columns and filters of any of several events. */
function filtersOfAny(queries: readonly EventQuery[]): KnownFilters {
  const known = queries.map(knownFilters);
  const columns = new Map(known.flatMap((one) => one.columns.map((column) => [column.name, column] as const)));
  return { columns: [...columns.values()], filters: new Map(known.flatMap(({ filters }) => [...filters])) };
}

/** Checks the form of a `name=value` filter. Throws `usage`. */
export function splitFilter(option: string): { readonly name: string; readonly value: string } {
  const match = /^\s*(\w+)=(.*)$/s.exec(option);
  if (match === null) {
    throw new WireloomError(
      "usage",
      `filter "${option}" is not of the form name=value, such as dst_port_eq=53; packets are selected with --bpf "${option}"`,
    );
  }
  return { name: match[1]!.toLowerCase(), value: match[2]! };
}
