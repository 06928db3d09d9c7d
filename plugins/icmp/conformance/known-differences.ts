import {
  all,
  inNoRow,
  isAnsweredByMember,
  isCut,
  isMalformed,
  isRefused,
  isSentAgain,
  onlyOurs,
  onlyTsharks,
  some,
} from "../../../test/conformance/conditions.js";
import { type Difference, NOTHING } from "../../../test/conformance/difference.js";
import type { KnownDifference } from "../../../test/conformance/known-difference.js";
import { has, hasValue } from "../../../test/conformance/tshark-frame.js";

const PAIR = [
  "response_frame = icmp.resp_in",
  "latency = icmp.resptime",
  "response_frame = icmpv6.resp_in",
  "latency = icmpv6.resptime",
];

const ECHO_FIELDS = ["icmp.ident", "icmp.seq", "icmpv6.echo.identifier", "icmpv6.echo.sequence_number"];

function isInTunnel({ evidence }: Difference): boolean {
  return ((evidence.row?.["tunnel_kinds"] ?? []) as readonly unknown[]).length > 0;
}

/** A row with requests that were sent again has the same echo, between the same hosts, in a tunnel. */
function isAgainInTunnel({ evidence, frame }: Difference): boolean {
  const { tshark, ours, innermost } = evidence.readings;
  const echo = (number: number) => [
    ...[innermost[number - 1]?.source, innermost[number - 1]?.destination],
    ...ECHO_FIELDS.map((field) => tshark.frames[number - 1]?.[field]?.[0]),
  ];
  const own = String(echo(frame));
  return (ours.rows.get("icmp") ?? []).some((row) => {
    const first = Number(row["frame_number"]);
    const isTunnelled = (row["tunnel_kinds"] as readonly unknown[]).length > 0;
    return isTunnelled && Number(row["retransmissions"]) > 0 && first < frame && String(echo(first)) === own;
  });
}

/** Fields of tshark that only the conditions here read. */
export const evidenceFields = ["icmp.ext.checksum.status", "sflow", "pim"];

/** Known differences of ICMP. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    id: "icmp/echo-of-group",
    fields: PAIR,
    reason:
      "The request goes to a group and the reply comes from one of its members; Wireshark pairs messages of two hosts only.",
    explains: all(onlyOurs, isAnsweredByMember),
  },
  {
    id: "icmp/echo-sent-again",
    fields: PAIR,
    reason: "Ours pairs the reply with the first copy of a request that was sent again, Wireshark with the last.",
    explains: isSentAgain,
  },
  {
    id: "icmp/again-in-tunnel",
    fields: ["row"],
    reason:
      "A request that is sent again through a tunnel whose own ports are others; it is counted on the row of the first one.",
    explains: all(inNoRow, isAgainInTunnel),
  },
  {
    id: "icmp/echo-in-tunnel",
    fields: PAIR,
    reason: "Wireshark does not pair echoes whose addresses it showed as those of a conversation around them.",
    explains: all(onlyOurs, isInTunnel),
  },
  {
    id: "icmp/quoted-fragment",
    fields: ["inner_src_port = udp.srcport", "inner_dst_port = udp.dstport"],
    captures: ["errors.pcap"],
    reason: "The quoted packet is a first fragment, whose ports are there; Wireshark looks into whole packets only.",
    explains: ({ ours, tshark }) => ["40000", "9999"].includes(ours) && tshark === NOTHING,
  },
  {
    id: "icmp/quoted-header-cut",
    fields: ["inner_transport = ip.proto", "inner_hop_limit = ip.ttl", "inner_length = ip.len"],
    reason: "The quoted header is not whole: without its addresses it says nothing of a conversation.",
    explains: all(onlyTsharks, ({ evidence }) => evidence.frame?.["ip.dst"]?.length === 1),
  },
  {
    id: "icmp/extension-checksum",
    fields: [
      "interface_role = icmp.int_info.role",
      "interface_index = icmp.int_info.index",
      "interface_address = icmp.int_info.ipv4",
      "interface_name = icmp.int_info.name",
    ],
    reason: "Extensions with a wrong checksum are not read (RFC 4884, section 7.1); Wireshark shows them.",
    explains: all(onlyTsharks, ({ evidence }) => hasValue(evidence.frame, "icmp.ext.checksum.status", "0")),
  },
  {
    id: "icmp/long-link-address",
    fields: ["source_mac = icmpv6.opt.src_linkaddr", "target_mac = icmpv6.opt.target_linkaddr"],
    reason: "A link-layer address that does not have six bytes is not a MAC address.",
    explains: (difference) => onlyTsharks(difference) && /^[0-9a-f]{14,}$/.test(difference.tshark),
  },
  {
    id: "icmp/empty-payload-length",
    fields: [
      "type = icmp.type",
      "code = icmp.code",
      "target_address = icmpv6.nd.ns.target_address",
      "from_router = icmpv6.nd.na.flag.r",
      "solicited = icmpv6.nd.na.flag.s",
      "override = icmpv6.nd.na.flag.o",
    ],
    captures: ["icmpv6-length-zero.pcapng"],
    reason: "A payload length of 0, as segmentation offload leaves it: ours reads the frame to its end, tshark stops.",
    explains: onlyOurs,
  },
  {
    id: "icmp/identical-reply",
    fields: ["response_frame = icmpv6.resp_in"],
    captures: ["ipv6_zero_len_ah.pcap"],
    reason:
      "The same echo twice within 2 ms, and its reply: IPv6 has no identification to distinguish them from copies of one packet.",
    explains: (difference) => onlyTsharks(difference) && difference.frame === 7,
  },
  {
    id: "icmp/cut",
    fields: ["row"],
    reason:
      "The message is shorter than its type demands: it is counted as malformed or truncated, tshark shows what there is.",
    explains: all(inNoRow, isRefused, some(isMalformed, isCut)),
  },
  {
    id: "icmp/in-sample",
    fields: ["row"],
    reason:
      "A packet that an sFlow datagram reports, or that goes to a rendezvous point in a PIM Register, is not followed.",
    explains: all(inNoRow, ({ evidence }) => has(evidence.frame, "sflow", "pim")),
  },
  {
    id: "icmp/in-gtp-prime",
    fields: ["row"],
    reason: "GTP', which carries charging records, is not entered.",
    explains: all(inNoRow, ({ evidence }) => /:gtpprime:/.test(evidence.frame?.["frame.protocols"]?.[0] ?? "")),
  },
];
