import type { CollectedEvent } from "../../plugin/plugin.js";
import type { Column } from "../../schema/event-table.js";
import { filterWithValues, type ParsedFilter } from "../../schema/filter.js";
import { parseUuid } from "../../schema/hexadecimal.js";
import { OPERATOR_NAMES, OPERATORS } from "../../schema/operators.js";
import { quote } from "../../schema/quote.js";
import type { RequestClock } from "../../schema/request-clock.js";
import type { Ordering } from "../../store/query-store.js";
import { WireloomError } from "../../wireloom-error.js";
import { checkFilterCount, checkFilters } from "../query/check-filters.js";
import type { ListRequest } from "../query/list-rows.js";

/** The members of every `…Filter` message; the field is a number of the event's field enum. */
export interface FilterMessage {
  readonly field: number;
  readonly operator: number;
  readonly values: readonly string[];
}

/** The members of every `…Order` message. */
export interface OrderMessage {
  readonly field: number;
  readonly descending: boolean;
}

/** The members of every `List…Request` message. */
export interface ListRequestMessage {
  readonly filters: readonly FilterMessage[];
  readonly orderBy: readonly OrderMessage[];
  readonly pageSize: number;
  readonly pageToken: string;
  readonly count: number;
}

const COUNT_MODES: readonly ListRequest["count"][] = ["none", "none", "capped", "exact"];

/**
 * The conditions of a request's filters. Throws `invalid_filter` on a field or an operator that the event does not have, and on
 * conditions that never hold together. `clock` says what `now` is.
 */
export function requestedFilters(
  event: CollectedEvent,
  messages: readonly FilterMessage[],
  clock: RequestClock,
): ParsedFilter[] {
  checkFilterCount(messages.length);
  const filters = messages.map((message, i) => {
    const column = columnOf(event, message.field, `filters[${i}]`);
    const operator = OPERATOR_NAMES.find((name) => OPERATORS[name].number === message.operator);
    const name = `${column.name}_${operator ?? "eq"}`;
    const filter = operator === undefined ? undefined : event.query.filters.get(name);
    if (filter === undefined) {
      throw new WireloomError(
        "invalid_filter",
        `filters[${i}]: ${column.name} takes no operator ${operator ?? message.operator}`,
      );
    }
    const values = filter.operator === "is_null" && message.values.length === 0 ? ["true"] : message.values;
    return filterWithValues(filter, values, name, clock);
  });
  checkFilters(filters);
  return filters;
}

/** The orderings of a request. Throws `invalid_argument` on a field that rows cannot be ordered by. */
export function requestedOrder(event: CollectedEvent, messages: readonly OrderMessage[]): Ordering[] {
  return messages.map(({ field, descending }, i) => {
    const column = columnOf(event, field, `order_by[${i}]`);
    if (!event.query.orderings.has(column.name)) {
      throw new WireloomError("invalid_argument", `order_by[${i}]: rows cannot be ordered by ${column.name}`);
    }
    return { column, isDescending: descending };
  });
}

/** The id of a request as a UUID. Throws `invalid_argument`. */
export function requestedId(id: string): string {
  const uuid = parseUuid(id);
  if (uuid !== undefined) return uuid;
  throw new WireloomError("invalid_argument", `id: ${quote(id)} is not a UUID`);
}

/** The count mode of a number of the CountMode enum; unknown ones count nothing. */
export function countMode(number: number): ListRequest["count"] {
  return COUNT_MODES[number] ?? "none";
}

function columnOf(event: CollectedEvent, field: number, parameter: string): Column {
  const column = event.query.columnsByNumber.get(field);
  if (column === undefined)
    throw new WireloomError("invalid_argument", `${parameter}: ${event.table.resource} has no field number ${field}`);
  return column;
}
