import { Kind } from "../../generated/icmp/icmp_enums.js";
import { IcmpType, Icmpv6Type } from "./icmp-types.js";

/** {@link Kind} by type of ICMP. */
export const ICMP_KINDS = kindsByType({
  [IcmpType.ECHO_REPLY]: Kind.ECHO,
  [IcmpType.DESTINATION_UNREACHABLE]: Kind.DESTINATION_UNREACHABLE,
  [IcmpType.SOURCE_QUENCH]: Kind.SOURCE_QUENCH,
  [IcmpType.REDIRECT]: Kind.REDIRECT,
  [IcmpType.ECHO]: Kind.ECHO,
  [IcmpType.ROUTER_ADVERTISEMENT]: Kind.ROUTER_ADVERTISEMENT,
  [IcmpType.ROUTER_SOLICITATION]: Kind.ROUTER_SOLICITATION,
  [IcmpType.TIME_EXCEEDED]: Kind.TIME_EXCEEDED,
  [IcmpType.PARAMETER_PROBLEM]: Kind.PARAMETER_PROBLEM,
  [IcmpType.TIMESTAMP]: Kind.TIMESTAMP,
  [IcmpType.TIMESTAMP_REPLY]: Kind.TIMESTAMP,
  [IcmpType.INFORMATION_REQUEST]: Kind.INFORMATION,
  [IcmpType.INFORMATION_REPLY]: Kind.INFORMATION,
  [IcmpType.ADDRESS_MASK_REQUEST]: Kind.ADDRESS_MASK,
  [IcmpType.ADDRESS_MASK_REPLY]: Kind.ADDRESS_MASK,
  [IcmpType.EXTENDED_ECHO_REQUEST]: Kind.EXTENDED_ECHO,
  [IcmpType.EXTENDED_ECHO_REPLY]: Kind.EXTENDED_ECHO,
});

/** {@link Kind} by type of ICMPv6. */
export const ICMPV6_KINDS = kindsByType({
  [Icmpv6Type.DESTINATION_UNREACHABLE]: Kind.DESTINATION_UNREACHABLE,
  [Icmpv6Type.PACKET_TOO_BIG]: Kind.PACKET_TOO_BIG,
  [Icmpv6Type.TIME_EXCEEDED]: Kind.TIME_EXCEEDED,
  [Icmpv6Type.PARAMETER_PROBLEM]: Kind.PARAMETER_PROBLEM,
  [Icmpv6Type.ECHO_REQUEST]: Kind.ECHO,
  [Icmpv6Type.ECHO_REPLY]: Kind.ECHO,
  [Icmpv6Type.MULTICAST_LISTENER_QUERY]: Kind.MULTICAST_QUERY,
  [Icmpv6Type.MULTICAST_LISTENER_REPORT]: Kind.MULTICAST_REPORT,
  [Icmpv6Type.MULTICAST_LISTENER_DONE]: Kind.MULTICAST_DONE,
  [Icmpv6Type.ROUTER_SOLICITATION]: Kind.ROUTER_SOLICITATION,
  [Icmpv6Type.ROUTER_ADVERTISEMENT]: Kind.ROUTER_ADVERTISEMENT,
  [Icmpv6Type.NEIGHBOR_SOLICITATION]: Kind.NEIGHBOR_SOLICITATION,
  [Icmpv6Type.NEIGHBOR_ADVERTISEMENT]: Kind.NEIGHBOR_ADVERTISEMENT,
  [Icmpv6Type.REDIRECT]: Kind.REDIRECT,
  [Icmpv6Type.VERSION_2_MULTICAST_LISTENER_REPORT]: Kind.MULTICAST_REPORT,
  [Icmpv6Type.EXTENDED_ECHO_REQUEST]: Kind.EXTENDED_ECHO,
  [Icmpv6Type.EXTENDED_ECHO_REPLY]: Kind.EXTENDED_ECHO,
});

function kindsByType(kinds: Readonly<Record<number, number>>): Uint8Array {
  const table = new Uint8Array(256);
  for (const [type, kind] of Object.entries(kinds)) table[Number(type)] = kind;
  return table;
}
