import { all, inNoRow, isCut, isMalformed, onlyOurs } from "../../../test/conformance/conditions.js";
import { type Difference, NOTHING } from "../../../test/conformance/difference.js";
import type { KnownDifference } from "../../../test/conformance/known-difference.js";
import { hasValue } from "../../../test/conformance/tshark-frame.js";

/** DHCP's fixed part (RFC 2131, section 2). */
const FIXED_BYTES = 236;

/** Option 39 may be in these messages only (RFC 4704, section 6): SOLICIT, REQUEST, RENEW, REBIND. */
const WITH_FQDN = ["1", "3", "5", "6"];

function isOutsideRfc4704({ evidence }: Difference): boolean {
  return (
    !hasValue(evidence.frame, "dhcpv6.msgtype", ...WITH_FQDN) && hasValue(evidence.frame, "dhcpv6.option.type", "39")
  );
}

const SEARCH_LIST = "119";

/** tshark stops in the option that holds the first part of the search list. */
function endsInSearchList(difference: Difference): boolean {
  return isMalformed(difference) && difference.evidence.frame?.["dhcp.option.type"]?.at(-1) === SEARCH_LIST;
}

/** Known differences of DHCP. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    id: "dhcp/fqdn-everywhere",
    fields: ["client_fqdn = dhcp.fqdn.name", "fqdn_flags = dhcp.fqdn.flags"],
    reason:
      "ISC's client sends its name in every message of DHCPv6; Wireshark reads it only in those that RFC 4704, section 6, allows it in.",
    explains: all(onlyOurs, isOutsideRfc4704),
  },
  {
    id: "dhcp/order-of-overload",
    fields: ["options = dhcp.option.type"],
    captures: ["by-hand.pcap"],
    reason:
      "Options in `file` stand before those in `sname` (RFC 2131, section 4.1), where Wireshark goes by position.",
    explains: ({ ours, tshark }) => ours === "53 | 52 | 12 | 15" && tshark === "53 | 52 | 15 | 12",
  },
  {
    id: "dhcp/split-options",
    fields: [
      "search_domains = dhcp.option.dhcp_dns_domain_search_list_fqdn",
      "ntp_servers = dhcp.option.ntp_server",
      "interface_mtu = dhcp.option.interface_mtu",
      "time_zone = dhcp.option.tz_pcode",
      "broadcast_address = dhcp.option.broadcast_address",
      "domain_name = dhcp.option.domain_name",
      "options = dhcp.option.type",
      "option_overload = dhcp.option.option_overload",
    ],
    reason:
      "ISC's server splits the search list over the options and the fields for names (RFC 3396, section 5). Wireshark breaks off there; isc.pcap has the same settings whole.",
    explains: (difference) =>
      endsInSearchList(difference) &&
      (difference.tshark === NOTHING ||
        (difference.ours !== difference.tshark && difference.ours.startsWith(difference.tshark))),
  },
  {
    id: "dhcp/cut",
    fields: ["row"],
    reason: "The capture has less of the frame than the fixed part of a message.",
    explains: all(inNoRow, isCut, ({ evidence }) => Number(evidence.frame?.["frame.cap_len"]?.[0]) < FIXED_BYTES),
  },
];
