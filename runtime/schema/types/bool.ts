import { compareNumbers } from "./compare.js";
import type { SemanticType } from "./semantic-type.js";

/** True or false. */
export const bool: SemanticType = {
  storage: "bool",
  wire: { protoTypes: ["bool"] },
  operators: ["eq", "ne"],
  isOrdered: true,
  isListable: false,
  jsonSchema: () => ({ type: "boolean" }),
  valueForm: "true or false",
  parse: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  format: String,
  formatJson: String,
  compare: compareNumbers,
  toMessage: (value) => value,
};
