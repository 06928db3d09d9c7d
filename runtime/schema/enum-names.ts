import type { Column } from "./event-table.js";

/** Maximum number of names in a message. */
const MAX_LISTED = 12;

const namesByValues = new WeakMap<readonly object[], ReadonlyMap<number, string>>();

/** Name of an enum column's number; undefined for a number without one. */
export function enumName({ enumValues }: Pick<Column, "enumValues">, number: number): string | undefined {
  let names = namesByValues.get(enumValues);
  if (names === undefined) {
    // Of aliases, the first declared name is used.
    names = new Map([...enumValues].reverse().map((value) => [value.number, value.name]));
    namesByValues.set(enumValues, names);
  }
  return names.get(number);
}

/** Number of a name, ignoring case; undefined for an unknown name. */
export function enumNumber({ enumValues }: Pick<Column, "enumValues">, text: string): number | undefined {
  const name = text.toUpperCase();
  return enumValues.find((value) => value.name.toUpperCase() === name)?.number;
}

/** The first names of an enum column, for messages. */
export function listEnumNames({ enumValues }: Pick<Column, "enumValues">): string {
  const names = enumValues.slice(0, MAX_LISTED).map(({ name }) => name);
  return names.join(", ") + (enumValues.length > MAX_LISTED ? ", …" : "");
}
