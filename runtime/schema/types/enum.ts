import { enumName, enumNumber, listEnumNames } from "../enum-names.js";
import { EQUALITY_OPERATORS } from "../operators.js";
import { compareNumbers } from "./compare.js";
import { parseInteger } from "./integer.js";
import type { SemanticType } from "./semantic-type.js";

/** Numbers with names; a number without a name stays a number. */
export const enumeration: SemanticType = {
  storage: "i32",
  wire: { protoTypes: ["enum"] },
  operators: EQUALITY_OPERATORS,
  isOrdered: true,
  isListable: true,
  jsonSchema: ({ enumValues }) => ({
    anyOf: [{ type: "string", enum: enumValues.map(({ name }) => name) }, { type: "integer" }],
  }),
  valueForm: "a name or a number",
  expectedForm: (column) => `a number or one of ${listEnumNames(column)}`,
  parse: (text, column) => enumNumber(column, text) ?? parseInteger(text, -2147483648, 2147483647),
  format: (value, column) => enumName(column, value as number) ?? String(value),
  formatJson: (value, column) => {
    const name = enumName(column, value as number);
    return name === undefined ? String(value) : `"${name}"`;
  },
  compare: compareNumbers,
  toMessage: (value) => value,
};
