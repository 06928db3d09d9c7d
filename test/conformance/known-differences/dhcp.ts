import { type Difference, NOTHING } from "../comparison.js";
import type { KnownDifference } from "../known-differences.js";

/** Known differences of DHCP. */
export const dhcpDifferences: readonly KnownDifference[] = [
  ...["client_fqdn = dhcp.fqdn.name", "fqdn_flags = dhcp.fqdn.flags"].map((field) => ({
    resource: "dhcp",
    field,
    reason:
      "ISC's client sends its name in every message of DHCPv6; Wireshark reads it only in those that RFC 4704, section 6, allows it in.",
    explains: ({ ours, tshark }: Difference) => ["client.wireloom.example", "1"].includes(ours) && tshark === NOTHING,
  })),
  {
    resource: "dhcp",
    field: "options = dhcp.option.type",
    capture: "by-hand.pcap",
    reason:
      "Options in `file` stand before those in `sname` (RFC 2131, section 4.1), where Wireshark goes by position.",
    explains: ({ ours, tshark }) => ours === "53 | 52 | 12 | 15" && tshark === "53 | 52 | 15 | 12",
  },
  ...splitOptions("crowded.pcap", [
    "search_domains = dhcp.option.dhcp_dns_domain_search_list_fqdn",
    "ntp_servers = dhcp.option.ntp_server",
    "interface_mtu = dhcp.option.interface_mtu",
    "time_zone = dhcp.option.tz_pcode",
    "options = dhcp.option.type",
    "option_overload = dhcp.option.option_overload",
  ]),
  ...splitOptions("by-hand.pcap", [
    "search_domains = dhcp.option.dhcp_dns_domain_search_list_fqdn",
    "broadcast_address = dhcp.option.broadcast_address",
    "domain_name = dhcp.option.domain_name",
    "ntp_servers = dhcp.option.ntp_server",
    "options = dhcp.option.type",
    "option_overload = dhcp.option.option_overload",
  ]),
];

function splitOptions(capture: string, fields: readonly string[]): KnownDifference[] {
  return fields.map((field) => ({
    resource: "dhcp",
    field,
    capture,
    reason:
      "ISC's server splits the search list over the options and the fields for names (RFC 3396, section 5). Wireshark breaks off there; isc.pcap has the same settings whole.",
    explains: ({ ours, tshark }) => tshark === NOTHING || (ours !== tshark && ours.startsWith(tshark)),
  }));
}
