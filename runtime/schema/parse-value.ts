import { WireloomError } from "../wireloom-error.js";
import type { Column } from "./event-table.js";
import { nearestName } from "./nearest-name.js";
import { quote } from "./quote.js";
import { RequestClock } from "./request-clock.js";
import { SEMANTIC_TYPES } from "./semantic-types.js";
import type { Scalar } from "./types/semantic-type.js";

/**
 * The canonical form of a value (or of a list's item) in its text form; `parameter` names it in the
 * message; `clock` returns the time of `now`. Enum names are case-insensitive. Throws a {@link WireloomError} `invalid_filter` for text that
 * is not such a value.
 */
export function parseValue(
  column: Column,
  text: string,
  parameter: string,
  clock: RequestClock = new RequestClock(),
): Scalar {
  const value = SEMANTIC_TYPES[column.type].parse(text, column, clock);
  if (value === undefined) throw invalidValue(column, text, parameter);
  return value;
}

/** The error of a value that does not fit its parameter, with both and the expected form. */
function invalidValue(column: Column, text: string, parameter: string): WireloomError {
  const nearest = nearestName(
    text,
    column.enumValues.map((value) => value.name),
  );
  const guess = nearest === undefined ? "" : `; the nearest is ${quote(nearest)}`;
  return new WireloomError("invalid_filter", `${parameter}: ${quote(text)} is not ${expectedForm(column)}${guess}`);
}

function expectedForm(column: Column): string {
  const type = SEMANTIC_TYPES[column.type];
  return type.expectedForm?.(column) ?? type.valueForm;
}
