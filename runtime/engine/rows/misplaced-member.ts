import type { EventRecord } from "../../plugin/event-record.js";

/**
 * Describes the first member of a record, or of a group in it, that a decoder has replaced by a value of another type, such as a slot by
 * a string; undefined if there is none. `pristine` is a new record of the same event.
 */
export function describeMisplacedMember(record: EventRecord, pristine: EventRecord): string | undefined {
  return describeIn(record, pristine, "record");
}

function describeIn(holder: object, pristine: object, path: string): string | undefined {
  const members = holder as Readonly<Record<string, unknown>>;
  for (const [name, initial] of Object.entries(pristine)) {
    if (typeof initial !== "object" || initial === null) continue;
    const { name: kind } = initial.constructor;
    const value = members[name];
    if (!(value instanceof initial.constructor)) {
      const way = kind === "ByteSlot" ? `; write ${path}.${name}.setText("…") or .set(bytes, start, end)` : "";
      return `${path}.${name} is a ${describeType(value)}, not a ${kind}${way}`;
    }
    const inside = describeIn(value as object, initial, `${path}.${name}`);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

function describeType(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
}
