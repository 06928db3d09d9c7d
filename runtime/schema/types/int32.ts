import { INTEGER, parseInteger } from "./integer.js";
import type { SemanticType } from "./semantic-type.js";

/** Whole numbers of 32 bits with a sign. */
export const int32: SemanticType = {
  ...INTEGER,
  storage: "i32",
  wire: { protoTypes: ["int32", "sint32"] },
  valueForm: "a whole number from -2147483648 to 2147483647",
  parse: (text) => parseInteger(text, -2147483648, 2147483647),
  random: (random) => random.int32(),
};
