import { VALUE_OPERATORS } from "../operators.js";
import { compareText } from "../text-match.js";
import type { SemanticType } from "./semantic-type.js";

/** Texts in UTF-8, in the order of their bytes. */
export const text: SemanticType = {
  storage: "text",
  wire: { protoTypes: ["string"] },
  operators: [...VALUE_OPERATORS, "like", "not_like", "contains", "not_contains", "prefix", "not_prefix"],
  isOrdered: true,
  isListable: true,
  jsonSchema: () => ({ type: "string" }),
  valueForm: "a text",
  parse: (value) => value,
  format: String,
  formatJson: (value) => JSON.stringify(value),
  compare: (left, right) => compareText(left as string, right as string),
  toMessage: (value) => value,
};
