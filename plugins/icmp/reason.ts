import { Reason } from "../../generated/icmp/icmp_enums.js";
import { IcmpType, Icmpv6Type } from "./icmp-types.js";

// Reasons by type and code (IANA registries "ICMP Parameters" and "ICMPv6 Parameters"), each list in the order of its codes.
const ICMP_REASONS = new Map<number, readonly number[]>([
  [
    IcmpType.DESTINATION_UNREACHABLE,
    [
      Reason.NETWORK_UNREACHABLE,
      Reason.HOST_UNREACHABLE,
      Reason.PROTOCOL_UNREACHABLE,
      Reason.PORT_UNREACHABLE,
      Reason.FRAGMENTATION_NEEDED,
      Reason.SOURCE_ROUTE_FAILED,
      Reason.NETWORK_UNKNOWN,
      Reason.HOST_UNKNOWN,
      Reason.SOURCE_ISOLATED,
      Reason.NETWORK_PROHIBITED,
      Reason.HOST_PROHIBITED,
      Reason.NETWORK_UNREACHABLE_FOR_SERVICE,
      Reason.HOST_UNREACHABLE_FOR_SERVICE,
      Reason.ADMINISTRATIVELY_PROHIBITED,
      Reason.PRECEDENCE_VIOLATION,
      Reason.PRECEDENCE_CUTOFF,
    ],
  ],
  [
    IcmpType.REDIRECT,
    [
      Reason.REDIRECT_FOR_NETWORK,
      Reason.REDIRECT_FOR_HOST,
      Reason.REDIRECT_FOR_SERVICE_AND_NETWORK,
      Reason.REDIRECT_FOR_SERVICE_AND_HOST,
    ],
  ],
  [IcmpType.TIME_EXCEEDED, [Reason.HOP_LIMIT_EXCEEDED, Reason.REASSEMBLY_TIMEOUT]],
  [IcmpType.PARAMETER_PROBLEM, [Reason.ERRONEOUS_HEADER, Reason.MISSING_OPTION, Reason.BAD_LENGTH]],
]);

const ICMPV6_REASONS = new Map<number, readonly number[]>([
  [
    Icmpv6Type.DESTINATION_UNREACHABLE,
    [
      Reason.NETWORK_UNREACHABLE,
      Reason.ADMINISTRATIVELY_PROHIBITED,
      Reason.BEYOND_SCOPE,
      Reason.HOST_UNREACHABLE,
      Reason.PORT_UNREACHABLE,
      Reason.SOURCE_POLICY,
      Reason.ROUTE_REJECTED,
      Reason.SOURCE_ROUTE_FAILED,
      Reason.HEADERS_TOO_LONG,
    ],
  ],
  [Icmpv6Type.PACKET_TOO_BIG, [Reason.FRAGMENTATION_NEEDED]],
  [Icmpv6Type.TIME_EXCEEDED, [Reason.HOP_LIMIT_EXCEEDED, Reason.REASSEMBLY_TIMEOUT]],
  [
    Icmpv6Type.PARAMETER_PROBLEM,
    [
      Reason.ERRONEOUS_HEADER,
      Reason.UNRECOGNIZED_NEXT_HEADER,
      Reason.UNRECOGNIZED_OPTION,
      Reason.INCOMPLETE_HEADER_CHAIN,
      Reason.SEGMENT_ROUTING_HEADER,
    ],
  ],
  [Icmpv6Type.REDIRECT, [Reason.REDIRECT_FOR_HOST]],
]);

/** The meaning of the code of an error or redirect; null for other types. */
export function reasonOf(ipVersion: number, type: number, code: number): number | null {
  const reasons = (ipVersion === 4 ? ICMP_REASONS : ICMPV6_REASONS).get(type);
  return reasons === undefined ? null : (reasons[code] ?? Reason.UNSPECIFIED);
}
