import type { EnumValue } from "./event-table.js";

/** The values of a generated enum in the form used by columns, in the order of declaration; `descriptions` are by name. */
export function enumValues<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  descriptions?: { readonly [Key in Name]?: string },
): readonly EnumValue[] {
  return Object.entries<number>(numbers).map(([name, number]) => {
    const description = descriptions?.[name as Name];
    return description === undefined ? { number, name } : { number, name, description };
  });
}
