import { formatMac, parseMac } from "../hexadecimal.js";
import { EQUALITY_OPERATORS } from "../operators.js";
import { bytesOfNumber } from "./bytes-of-number.js";
import { compareNumbers } from "./compare.js";
import type { SemanticType } from "./semantic-type.js";

/** 48-bit MAC addresses (IEEE Std 802). */
export const mac: SemanticType = {
  storage: "u64",
  wire: { protoTypes: ["bytes"], byteLengths: [6], words: "wordsFromMac" },
  operators: EQUALITY_OPERATORS,
  isOrdered: true,
  isListable: false,
  jsonSchema: () => ({ type: "string", pattern: "^([0-9a-f]{2}:){5}[0-9a-f]{2}$" }),
  valueForm: "a MAC address such as 02:00:5e:10:00:01",
  parse: parseMac,
  format: (value) => formatMac(value as bigint),
  formatJson: (value) => `"${formatMac(value as bigint)}"`,
  compare: compareNumbers,
  toMessage: (value) => bytesOfNumber(value as bigint, 6),
};
