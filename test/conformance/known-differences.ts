import { AGAIN, type Difference, NOTHING } from "./comparison.js";
import { comparisonPlans } from "./comparison-plans.js";
import { arpDifferences } from "./known-differences/arp.js";
import { corpusDifferences } from "./known-differences/corpus.js";
import { dhcpDifferences } from "./known-differences/dhcp.js";
import { httpDifferences } from "./known-differences/http.js";
import { icmpDifferences } from "./known-differences/icmp.js";
import { quicDifferences } from "./known-differences/quic.js";
import { tlsDifferences } from "./known-differences/tls.js";

/** A disagreement with tshark that was looked into and stays. */
export interface KnownDifference {
  readonly resource: string;
  /** As {@link Difference.field}. */
  readonly field: string;
  /** One capture's; every capture's where absent. */
  readonly capture?: string;
  /** Occurs in captures of others, not in the project's own. */
  readonly corpus?: boolean;
  /** Why each side says what it says. */
  readonly reason: string;
  /** Narrows the entry to what the reason explains. */
  readonly explains: (difference: Difference) => boolean;
}

const onlyOurs = ({ ours, tshark }: Difference) => ours !== NOTHING && tshark === NOTHING;
const onlyTsharks = ({ ours, tshark }: Difference) => ours === NOTHING && tshark !== NOTHING;
const isInNoRow = ({ ours }: Difference) => ours === "in 0 rows";
const inFrames =
  (...frames: readonly number[]) =>
  ({ frame }: Difference) =>
    frames.includes(frame);

/** Every known difference, reviewed by a person; an entry that explains nothing any more fails the test. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    resource: "dns",
    field: "rcode = dns.flags.rcode",
    reason:
      "Wireshark's field has the header's four bits; ours has the upper eight of the EDNS record before them (RFC 6891, section 6.1.3).",
    explains: ({ ours, tshark }) => Number(ours) > 15 && (Number(ours) & 15) === Number(tshark),
  },
  {
    resource: "dns",
    field: "authentic_data_desired = dns.flags.authenticated",
    reason: "Wireshark shows AD of a query only where it is set.",
    explains: ({ ours, tshark }) => ours === "false" && tshark === NOTHING,
  },
  {
    resource: "dns",
    field: "response_frame = dns.response_in",
    capture: "multicast-dns.pcap",
    reason:
      "Wireshark pairs messages by id, which is 0 in all of multicast DNS: a probe with the announcement of what was probed for, say. Ours are rows of their own.",
    explains: onlyTsharks,
  },
  {
    resource: "dns",
    field: "latency = dns.time",
    capture: "multicast-dns.pcap",
    reason: "As for response_frame: the pairs are none.",
    explains: onlyTsharks,
  },
  {
    resource: "dns",
    field: "response_frame = dns.response_in",
    capture: "llmnr.pcap",
    reason:
      "The query goes to a group and the answer comes from a host (RFC 4795, section 2); Wireshark pairs messages of the same two addresses only.",
    explains: ({ frame, ours }) => (frame === 1 && ours === "2") || (frame === 5 && ours === "6"),
  },
  {
    resource: "dns",
    field: "latency = dns.time",
    capture: "llmnr.pcap",
    reason: "As for response_frame: Wireshark has no pair.",
    explains: onlyOurs,
  },
  {
    resource: "dns",
    field: "response_frame = dns.response_in",
    capture: "snap-length-80.pcap",
    reason: "Wireshark stops at the cut, before it pairs; header and question are whole, so ours is a row.",
    explains: ({ frame, ours }) => frame === 1 && ours === "2",
  },
  {
    resource: "dns",
    field: "latency = dns.time",
    capture: "snap-length-80.pcap",
    reason: "As for response_frame: Wireshark has no pair.",
    explains: onlyOurs,
  },
  {
    resource: "dns",
    field: "response_frame = dns.response_in",
    capture: "snap-length-80.pcap",
    reason: "The capture cut the response in its question: ours has it by its id, Wireshark has no pair.",
    explains: (difference) => onlyOurs(difference) && inFrames(3, 5, 7, 10)(difference),
  },
  {
    resource: "dns",
    field: "query_name = dns.qry.name",
    capture: "snap-length-80.pcap",
    reason: "The capture cut the question after its name, which Wireshark shows with type and class alone.",
    explains: (difference) => onlyOurs(difference) && inFrames(5, 7, 10)(difference),
  },
  {
    resource: "dns",
    field: "row",
    capture: "unanswered.pcap",
    reason: "Comes from port 5300, which is not bound to DNS; Wireshark knows port 40001 from the query before.",
    explains: inFrames(15),
  },
  {
    resource: "dns",
    field: "answer_names = dns.resp.name",
    capture: "names.pcap",
    reason: "Wireshark 4.0 takes a name that begins with a zero byte and comes by a pointer for the root.",
    explains: ({ frame, tshark }) => frame === 6 && tshark === "<Root>",
  },
  {
    resource: "ntp",
    field: "row",
    capture: "snap-length-80.pcap",
    reason: "The capture cut these in the NTP header; they are counted as truncated.",
    explains: isInNoRow,
  },
  {
    resource: "flow",
    field: "src_port = udp.srcport",
    capture: "icmp.pcap",
    reason: "Wireshark reads a datagram in its last fragment; ours has the ports in the first one and 0 in the others.",
    explains: inFrames(43, 44, 47, 48),
  },
  {
    resource: "flow",
    field: "dst_port = udp.dstport",
    capture: "icmp.pcap",
    reason: "As for src_port.",
    explains: inFrames(43, 44, 47, 48),
  },
  {
    resource: "flow",
    field: "community_id = communityid",
    capture: "icmp.pcap",
    reason: "First fragments: ours is the whole datagram's, as tshark's is in the last fragment.",
    explains: inFrames(43, 47),
  },
  ...Object.keys(comparisonPlans).map((resource) => ({
    resource,
    field: "row",
    corpus: !["arp", "dns", "icmp"].includes(resource),
    reason: "A request that is sent again, or a packet that is captured again, is counted on the row of the first one.",
    explains: ({ ours, tshark }: Difference) => ours === "in 0 rows" && tshark === AGAIN,
  })),
  ...arpDifferences,
  ...httpDifferences,
  ...dhcpDifferences,
  ...icmpDifferences,
  ...quicDifferences,
  ...tlsDifferences,
  ...corpusDifferences,
];
