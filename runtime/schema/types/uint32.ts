import { INTEGER, parseInteger } from "./integer.js";
import type { SemanticType } from "./semantic-type.js";

/** Whole numbers of 32 bits. */
export const uint32: SemanticType = {
  ...INTEGER,
  storage: "u32",
  wire: { protoTypes: ["uint32"] },
  valueForm: "a whole number from 0 to 4294967295",
  parse: (text) => parseInteger(text, 0, 4294967295),
  random: (random) => random.uint32() >>> random.below(32),
};
