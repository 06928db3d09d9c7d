import { INTEGER } from "./integer.js";
import type { SemanticType } from "./semantic-type.js";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Numbers with a fraction (IEEE 754, binary64). */
export const double: SemanticType = {
  ...INTEGER,
  storage: "f64",
  wire: { protoTypes: ["double"] },
  jsonSchema: () => ({ type: "number" }),
  valueForm: "a number",
  parse: (text) => (NUMBER.test(text) || /^(NaN|-?Infinity)$/.test(text) ? Number(text) : undefined),
  // As ProtoJSON writes what JSON numbers cannot say: "NaN", "Infinity".
  formatJson: (value) => (Number.isFinite(value) ? String(value) : `"${String(value)}"`),
  random: (random) => random.int32() / 1000,
};
