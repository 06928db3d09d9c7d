import type { NumberList } from "../../../runtime/plugin/index.js";
import { isGrease } from "./grease.js";

/** Whether the list contains this item. */
export function hasItem({ values, length }: NumberList, value: number): boolean {
  for (let i = 0; i < length; i++) if (values[i] === value) return true;
  return false;
}

/** Whether the claim is true of an item of the list. */
export function someItem({ values, length }: NumberList, claim: (value: number) => boolean): boolean {
  for (let i = 0; i < length; i++) if (claim(values[i]!)) return true;
  return false;
}

/** The items that are not GREASE (RFC 8701), in their order. */
export function itemsWithoutGrease({ values, length }: NumberList): number[] {
  return values.slice(0, length).filter((value) => !isGrease(value));
}
