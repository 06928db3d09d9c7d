import { formatIp, ipv6Address, isIpv4, parseIp } from "../ip-text.js";
import { EQUALITY_OPERATORS } from "../operators.js";
import { bytesOfNumber } from "./bytes-of-number.js";
import { compareNumbers } from "./compare.js";
import type { SemanticType } from "./semantic-type.js";

/** IPv4 and IPv6 addresses. An IPv4 address is a number of 128 bits, too: `ip-text.ts` says which. */
export const ip: SemanticType = {
  storage: "u128",
  wire: { protoTypes: ["bytes"], byteLengths: [4, 16], words: "wordsFromAddress" },
  operators: [...EQUALITY_OPERATORS, "cidr", "not_cidr"],
  isOrdered: true,
  isListable: true,
  jsonSchema: () => ({ type: "string", anyOf: [{ format: "ipv4" }, { format: "ipv6" }] }),
  valueForm: "an IPv4 or IPv6 address; for cidr a network such as 10.0.0.0/8",
  parse: parseIp,
  format: (value) => formatIp(value as bigint),
  formatJson: (value) => `"${formatIp(value as bigint)}"`,
  compare: compareNumbers,
  toMessage: (value) => {
    const address = value as bigint;
    return isIpv4(address) ? bytesOfNumber(address & 0xffffffffn, 4) : bytesOfNumber(ipv6Address(address), 16);
  },
  random: (random) => (random.below(2) === 0 ? 4 : 16),
};
