import { parseHex } from "../../bytes/hexadecimal.js";
import { parseUuid } from "../hexadecimal.js";
import { EQUALITY_OPERATORS } from "../operators.js";
import { compareText } from "../text-match.js";
import type { SemanticType } from "./semantic-type.js";

/** UUIDs (RFC 9562). */
export const uuid: SemanticType = {
  storage: "uuid",
  wire: { protoTypes: ["bytes"], byteLengths: [16], words: "wordsFrom16" },
  operators: EQUALITY_OPERATORS,
  isOrdered: true,
  isListable: false,
  jsonSchema: () => ({ type: "string", format: "uuid" }),
  valueForm: "a UUID",
  parse: parseUuid,
  format: String,
  formatJson: (value) => `"${String(value)}"`,
  compare: (left, right) => compareText(left as string, right as string),
  toMessage: (value) => parseHex((value as string).replaceAll("-", "")),
};
