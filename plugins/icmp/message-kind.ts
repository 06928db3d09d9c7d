import { Kind } from "../../generated/icmp/icmp_enums.js";

/** {@link Kind} by type of ICMP (IANA registry "ICMP Type Numbers"). */
export const ICMP_KINDS = kindsByType({
  0: Kind.ECHO,
  3: Kind.DESTINATION_UNREACHABLE,
  4: Kind.SOURCE_QUENCH,
  5: Kind.REDIRECT,
  8: Kind.ECHO,
  9: Kind.ROUTER_ADVERTISEMENT,
  10: Kind.ROUTER_SOLICITATION,
  11: Kind.TIME_EXCEEDED,
  12: Kind.PARAMETER_PROBLEM,
  13: Kind.TIMESTAMP,
  14: Kind.TIMESTAMP,
  15: Kind.INFORMATION,
  16: Kind.INFORMATION,
  17: Kind.ADDRESS_MASK,
  18: Kind.ADDRESS_MASK,
  42: Kind.EXTENDED_ECHO,
  43: Kind.EXTENDED_ECHO,
});

/** {@link Kind} by type of ICMPv6 (IANA registry "ICMPv6 'type' Numbers"). */
export const ICMPV6_KINDS = kindsByType({
  1: Kind.DESTINATION_UNREACHABLE,
  2: Kind.PACKET_TOO_BIG,
  3: Kind.TIME_EXCEEDED,
  4: Kind.PARAMETER_PROBLEM,
  128: Kind.ECHO,
  129: Kind.ECHO,
  130: Kind.MULTICAST_QUERY,
  131: Kind.MULTICAST_REPORT,
  132: Kind.MULTICAST_DONE,
  133: Kind.ROUTER_SOLICITATION,
  134: Kind.ROUTER_ADVERTISEMENT,
  135: Kind.NEIGHBOR_SOLICITATION,
  136: Kind.NEIGHBOR_ADVERTISEMENT,
  137: Kind.REDIRECT,
  143: Kind.MULTICAST_REPORT,
  160: Kind.EXTENDED_ECHO,
  161: Kind.EXTENDED_ECHO,
});

function kindsByType(kinds: Readonly<Record<number, number>>): Uint8Array {
  const table = new Uint8Array(256);
  for (const [type, kind] of Object.entries(kinds)) table[Number(type)] = kind;
  return table;
}
