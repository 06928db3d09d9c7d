import { VALUE_OPERATORS } from "../operators.js";
import { compareNumbers } from "./compare.js";
import type { SemanticRules } from "./semantic-type.js";

/** Common properties of all whole numbers. */
type IntegerRules = Omit<SemanticRules, "valueForm" | "parse" | "random">;

/** The rules of whole numbers. */
export const INTEGER: IntegerRules = {
  operators: VALUE_OPERATORS,
  isOrdered: true,
  isListable: true,
  jsonSchema: () => ({ type: "integer" }),
  format: String,
  formatJson: String,
  compare: compareNumbers,
  toMessage: (value) => value,
};

/** A whole number from `least` to `most`, both below 2^53 in size; undefined for any other text. */
export function parseInteger(text: string, least: number, most: number): number | undefined {
  if (!/^-?\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  // Adding 0 makes -0 a 0.
  return value >= least && value <= most ? value + 0 : undefined;
}

/** A whole number that `wrap` does not change; undefined for any other text. */
export function parseBigInteger(text: string, wrap: (value: bigint) => bigint): bigint | undefined {
  if (!/^-?\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  return wrap(value) === value ? value : undefined;
}
