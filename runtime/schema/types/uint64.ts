import { INTEGER, parseBigInteger } from "./integer.js";
import type { SemanticType } from "./semantic-type.js";

/** Whole numbers of 64 bits. */
export const uint64: SemanticType = {
  ...INTEGER,
  storage: "u64",
  wire: { protoTypes: ["uint64"] },
  isListable: false,
  valueForm: "a whole number from 0 to 18446744073709551615",
  parse: (text) => parseBigInteger(text, (value) => BigInt.asUintN(64, value)),
  random: (random) => random.count(),
};
