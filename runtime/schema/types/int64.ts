import { INTEGER, parseBigInteger } from "./integer.js";
import type { SemanticType } from "./semantic-type.js";

/** Whole numbers of 64 bits with a sign. */
export const int64: SemanticType = {
  ...INTEGER,
  storage: "i64",
  wire: { protoTypes: ["int64"] },
  isListable: false,
  valueForm: "a whole number from -9223372036854775808 to 9223372036854775807",
  parse: (text) => parseBigInteger(text, (value) => BigInt.asIntN(64, value)),
  random: (random) => random.count(),
};
