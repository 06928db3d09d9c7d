import { TIME_OPERATORS } from "../operators.js";
import { parseTime } from "../time-expression.js";
import { formatTimestamp } from "../timestamp-text.js";
import { compareNumbers } from "./compare.js";
import type { SemanticType } from "./semantic-type.js";

/** Nanoseconds since the Unix epoch. */
export const timestamp: SemanticType = {
  storage: "time",
  wire: { protoTypes: ["fixed64"] },
  operators: TIME_OPERATORS,
  isOrdered: true,
  isListable: false,
  jsonSchema: () => ({ type: "string", format: "date-time" }),
  valueForm:
    "a time from 1677-09-22T00:00:00Z to 2262-04-11T23:47:16Z, such as 2026-01-31T12:00:00Z, 2026-01-31, 1769860800 (seconds since the epoch), now-15m or today",
  parse: (text, _, clock) => parseTime(text, clock),
  format: (value) => formatTimestamp(value as bigint),
  formatJson: (value) => `"${formatTimestamp(value as bigint)}"`,
  compare: compareNumbers,
  toMessage: (value) => BigInt.asUintN(64, value as bigint),
};
