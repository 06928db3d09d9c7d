import type { Column, EventQuery, EventTable } from "../../schema/event-table.js";
import { describeNearest } from "../../schema/nearest-name.js";
import { parseOrderTerm } from "../../schema/order-term.js";
import { quote } from "../../schema/quote.js";
import type { Ordering } from "../../store/query-store.js";
import { WireloomError } from "../../wireloom-error.js";

/**
 * Orderings as `time desc,query_name` states them; ascending without a word. Throws a {@link WireloomError}
 * `invalid_argument` on a column that rows cannot be ordered by.
 */
export function parseOrderBy(query: EventQuery, text: string): Ordering[] {
  return text.split(",").map((term) => {
    const parsed = parseOrderTerm(term);
    if (parsed === undefined) {
      throw new WireloomError(
        "invalid_argument",
        `order_by: ${quote(term)} is not a column with asc or desc after it, such as "time desc"`,
      );
    }
    const { name, isDescending } = parsed;
    const column = query.orderings.get(name);
    if (column === undefined) {
      throw new WireloomError(
        "invalid_argument",
        `order_by: rows cannot be ordered by ${quote(name)}; ${describeNearest(name, query.orderings.keys())}`,
      );
    }
    return { column, isDescending };
  });
}

/**
 * The order with what makes it total: as given, or newest first, then by id and agent in the direction of the last column. Ids are unique
 * within one agent only, so that pages would omit rows without the agent. Throws a {@link WireloomError} `invalid_argument` on a column that
 * is there twice.
 */
export function completeOrder(table: EventTable, orderBy: readonly Ordering[]): Ordering[] {
  const names = orderBy.map((ordering) => ordering.column.name);
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined) throw new WireloomError("invalid_argument", `order_by: ${repeated} is given twice`);
  const given = orderBy.length > 0 ? [...orderBy] : [{ column: columnNamed(table, "time"), isDescending: true }];
  const { isDescending } = given.at(-1)!;
  const rest = ["id", "agent_id"].filter((name) => !names.includes(name));
  return [...given, ...rest.map((name) => ({ column: columnNamed(table, name), isDescending }))];
}

/** A column that every event has. */
export function columnNamed(table: EventTable, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`${table.resource} has no column ${name}`);
  return column;
}
