import { enumNumber } from "../enum-names.js";
import type { Column } from "../event-table.js";
import { EQUALITY_OPERATORS } from "../operators.js";
import { INTEGER, parseInteger } from "./integer.js";
import type { SemanticType } from "./semantic-type.js";

/** Bits with names, such as TCP's flags. */
export const flags: SemanticType = {
  ...INTEGER,
  storage: "u32",
  wire: { protoTypes: ["uint32"] },
  operators: [...EQUALITY_OPERATORS, "has"],
  isListable: false,
  valueForm: "names of bits, such as SYN or SYN,ACK, or a whole number from 0 to 4294967295",
  expectedForm: ({ enumValues }) =>
    `a number, or some of ${enumValues.map(({ name }) => name).join(", ")}, separated by commas`,
  parse: (text, column) => bitsOf(column, text) ?? parseInteger(text, 0, 4294967295),
  has: (value, wanted) => ((value as number) & (wanted as number)) >>> 0 === wanted,
  random: (random) => random.uint32() >>> random.below(32),
};

/** The bits of some names together; undefined if one is not the name of a bit. */
function bitsOf(column: Column, text: string): number | undefined {
  let bits = 0;
  for (const name of text.split(/[,|+ ]+/)) {
    const bit = enumNumber(column, name);
    if (bit === undefined) return undefined;
    bits = (bits | bit) >>> 0;
  }
  return bits;
}
