import { formatDuration, parseDuration } from "../duration-text.js";
import { TIME_OPERATORS } from "../operators.js";
import { compareNumbers } from "./compare.js";
import type { SemanticType } from "./semantic-type.js";

/** Nanoseconds between two times. */
export const duration: SemanticType = {
  storage: "i64",
  wire: { protoTypes: ["uint64"], isAlwaysNumber: true },
  operators: TIME_OPERATORS,
  isOrdered: true,
  isListable: false,
  jsonSchema: () => ({ type: "string", pattern: "^-?[0-9]+(\\.[0-9]{1,9})?s$" }),
  valueForm: "a duration such as 1.5s, 20ms, 300us, 40ns or 1h30m; a number alone is seconds",
  parse: parseDuration,
  format: (value) => formatDuration(value as bigint),
  formatJson: (value) => `"${formatDuration(value as bigint)}"`,
  compare: compareNumbers,
  toMessage: (value) => BigInt.asUintN(64, value as bigint),
  random: (random) => random.count(),
};
