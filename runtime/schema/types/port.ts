import { INTEGER, parseInteger } from "./integer.js";
import type { SemanticType } from "./semantic-type.js";

/** Ports of TCP, UDP, SCTP (RFC 6335). */
export const port: SemanticType = {
  ...INTEGER,
  storage: "u16",
  wire: { protoTypes: ["uint32"] },
  valueForm: "a whole number from 0 to 65535",
  parse: (text) => parseInteger(text, 0, 65535),
  random: (random) => random.below(65536),
};
