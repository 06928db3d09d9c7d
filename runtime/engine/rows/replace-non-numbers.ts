import type { EventRecord } from "../../plugin/event-record.js";
import { NumberList } from "../../record/lists.js";
import { Timestamp } from "../../record/timestamp.js";

/**
 * Puts NaN, which encoders take for what is not a number, in the place of values that arithmetic throws on: a bigint, a symbol, an object
 * or a function in a number or boolean field of the record, in its observation, its times and its lists. `pristine` is a record of the
 * same event as it is made. Returns whether there was such a value.
 */
export function replaceNonNumbers(record: EventRecord, pristine: EventRecord): boolean {
  const inRecord = replaceInFields(record, pristine);
  return replaceInFields(record.observation, pristine.observation) || inRecord;
}

function replaceInFields(record: object, pristine: object): boolean {
  const fields = record as Values;
  const counts = Object.entries(pristine).map(([name, initial]) => {
    const value = fields[name];
    if (initial instanceof Timestamp) return value instanceof Timestamp ? replace(value, ["high", "low"]) : 0;
    if (initial instanceof NumberList) {
      return value instanceof NumberList ? replace(value.values, Array(value.length).keys()) : 0;
    }
    // What is an object from the beginning is a slot; what may be null is a number or a boolean.
    return typeof initial === "object" && initial !== null ? 0 : replace(fields, [name]);
  });
  return counts.some((count) => count > 0);
}

/** Members of a record, a time or an array, of which a decoder in plain JavaScript makes anything. */
type Values = Record<string | number, unknown>;

function replace(holder: object, names: Iterable<string | number>): number {
  const values = holder as Values;
  let count = 0;
  for (const name of names) {
    const value = values[name];
    const type = typeof value;
    if (type === "bigint" || type === "symbol" || type === "function" || (type === "object" && value !== null)) {
      values[name] = Number.NaN;
      count++;
    }
  }
  return count;
}
