import { compareBytes } from "../../bytes/compare.js";
import { formatHex, parseHex } from "../../bytes/hexadecimal.js";
import { EQUALITY_OPERATORS } from "../operators.js";
import type { SemanticType } from "./semantic-type.js";

/** Bytes without a meaning of their own. */
export const bytes: SemanticType = {
  storage: "bytes",
  wire: { protoTypes: ["bytes"] },
  operators: EQUALITY_OPERATORS,
  isOrdered: false,
  isListable: true,
  jsonSchema: () => ({ type: "string", pattern: "^([0-9a-f]{2})*$" }),
  valueForm: "hexadecimal digits",
  parse: parseHex,
  format: (value) => formatHex(value as Uint8Array),
  formatJson: (value) => `"${formatHex(value as Uint8Array)}"`,
  compare: (left, right) => compareBytes(left as Uint8Array, right as Uint8Array),
  toMessage: (value) => value,
};
