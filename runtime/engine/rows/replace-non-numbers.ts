import type { EventRecord } from "../../plugin/event-record.js";
import { ByteSlot } from "../../record/byte-slot.js";
import { ByteList, NumberList } from "../../record/lists.js";
import { Timestamp } from "../../record/timestamp.js";

/** The replacement of a value on which arithmetic throws. */
type Replacement = (value: unknown) => number | undefined;

/** NaN, which encoders treat as not a number. */
const replaceOthers: Replacement = (value) => {
  const type = typeof value;
  return type === "symbol" || type === "function" || (type === "object" && value !== null) ? Number.NaN : undefined;
};

/** The nearest number. */
const replaceBigint: Replacement = (value) => (typeof value === "bigint" ? Number(value) : undefined);

/**
 * Replaces values on which arithmetic throws: a symbol, an object or a function in a number or boolean field of the record, in its groups, its
 * times and its lists. `pristine` is a new record of the same event. Returns whether there was such a value.
 */
export function replaceNonNumbers(record: EventRecord, pristine: EventRecord): boolean {
  return replaceInFields(record, pristine, replaceOthers, () => false) > 0;
}

/**
 * As {@link replaceNonNumbers} for bigints in fields that do not hold them, which are found by `encode`: it throws if `pristine` has one
 * in such a field. Fields of 64 bits keep theirs.
 */
export function replaceBigints(record: EventRecord, pristine: EventRecord, encode: () => void): boolean {
  const holdsBigints: FieldTest = (holder, name) => {
    const initial = holder[name];
    holder[name] = 1n;
    try {
      encode();
      return true;
    } catch {
      return false;
    } finally {
      holder[name] = initial;
    }
  };
  return replaceInFields(record, pristine, replaceBigint, holdsBigints) > 0;
}

/** Whether a value to be replaced is one that its field, a member of a pristine object, holds. */
type FieldTest = (holder: Values, name: string) => boolean;

function replaceInFields(record: object, pristine: object, replacement: Replacement, isHeld: FieldTest): number {
  const fields = record as Values;
  let count = 0;
  for (const [name, initial] of Object.entries(pristine)) {
    const value = fields[name];
    if (initial instanceof Timestamp) {
      if (value instanceof Timestamp) count += replace(value, ["high", "low"], replacement);
    } else if (initial instanceof NumberList) {
      if (value instanceof NumberList) count += replace(value.values, Array(value.length).keys(), replacement);
    } else if (typeof initial !== "object" || initial === null) {
      // A member that may be null is a number or a boolean.
      const isReplaced = replacement(value) !== undefined && !isHeld(pristine as Values, name);
      if (isReplaced) count += replace(fields, [name], replacement);
    } else if (!(initial instanceof ByteSlot || initial instanceof ByteList) && value instanceof initial.constructor) {
      count += replaceInFields(value as object, initial as object, replacement, isHeld);
    }
  }
  return count;
}

/** Members of a record, a time or an array, to which a decoder in plain JavaScript may assign any value. */
type Values = Record<string | number, unknown>;

function replace(holder: object, names: Iterable<string | number>, replacement: Replacement): number {
  const values = holder as Values;
  let count = 0;
  for (const name of names) {
    const replaced = replacement(values[name]);
    if (replaced === undefined) continue;
    values[name] = replaced;
    count++;
  }
  return count;
}
