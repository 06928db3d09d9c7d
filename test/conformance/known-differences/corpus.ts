import { type Difference, NOTHING } from "../comparison.js";
import type { KnownDifference } from "../known-differences.js";

const any = () => true;
const onlyOurs = ({ ours, tshark }: Difference) => ours !== NOTHING && tshark === NOTHING;
const isInNoRow = ({ ours }: Difference) => ours.startsWith("in 0 rows");
const isInRows = ({ tshark }: Difference) => tshark.startsWith("0 message");

/** The same reason for several fields of some captures; of every capture where none is named. */
function because(
  reason: string,
  resource: string,
  fields: readonly string[],
  captures: readonly (string | undefined)[] = [undefined],
  explains: (difference: Difference) => boolean = any,
): KnownDifference[] {
  return captures.flatMap((capture) =>
    fields.map((field) => ({
      resource,
      field,
      ...(capture === undefined ? {} : { capture }),
      corpus: true,
      reason,
      explains,
    })),
  );
}

/** Known differences in captures of others. */
export const corpusDifferences: readonly KnownDifference[] = [
  ...because(
    "An address is claimed by one host, by another one, and by the first one again: ours tells each change of the claimant, Wireshark only who differs from the first one.",
    "arp",
    ["conflict = arp.duplicate-address-detected", "conflict_frame = arp.duplicate-address-frame"],
  ),
  ...because(
    "Addresses of another length than Ethernet's: ours keeps the bytes, also none, Wireshark shows a field only where there are some.",
    "arp",
    [
      "sender_hardware = arp.src.hw",
      "target_hardware = arp.dst.hw",
      "sender_protocol = arp.src.proto",
      "target_protocol = arp.dst.proto",
    ],
    [undefined],
    ({ ours }) => ours === "",
  ),
  ...because(
    "Control and private messages (modes 6 and 7) have another header, of which the row has version and mode; its other numbers are 0.",
    "ntp",
    [
      "leap = ntp.flags.li",
      "stratum = ntp.stratum",
      "poll = ntp.ppoll",
      "precision = ntp.precision",
      "root_delay = ntp.rootdelay",
      "root_dispersion = ntp.rootdispersion",
      "reference_id = ntp.refid",
    ],
    ["ntp-control.pcap", "ntp__ntpmode67.pcap", "ntp-mode7.pcap"],
  ),
  ...["flow", "dns", "http", "icmp", "tls", "quic", "dhcp", "ntp"].flatMap((resource) =>
    because(
      "Ours is the innermost packet's, whole and without what an error quotes, by addresses and protocol where there are no ports; tshark's is the outermost packet's, a quoted one's, or there is none where a fragment, a short header or another protocol over IPv6 leaves it without ports.",
      resource,
      ["community_id = communityid"],
    ),
  ),
  ...because(
    "A flow has the ports of its datagram from the first fragment on; tshark shows them in the frame that completes it.",
    "flow",
    ["src_port = udp.srcport", "dst_port = udp.dstport", "src_port = tcp.srcport", "dst_port = tcp.dstport"],
    [undefined],
    onlyOurs,
  ),
  ...because(
    "tshark pairs messages by id alone, which is 0 in multicast DNS.",
    "dns",
    ["latency = dns.time", "response_frame = dns.response_in"],
    ["dns__mdns-no-assoc.pcap"],
  ),
  ...because(
    "The query is not tshark's to pair: it goes to a group, is sent twice, or the response is malformed further on.",
    "dns",
    ["latency = dns.time", "response_frame = dns.response_in"],
    [undefined],
    onlyOurs,
  ),
  ...because(
    "An inverse query has no question that the response could repeat: two rows.",
    "dns",
    ["latency = dns.time", "response_frame = dns.response_in"],
    ["dns-inverse-query.pcap"],
  ),
  ...because(
    "A name that breaks the format: ours shows the record's bytes, tshark what it could read of the name.",
    "dns",
    ["answer_data = dns.cname"],
    ["malformed_dns.pcap"],
  ),
  ...because(
    "Messages on a port that is not DNS's; tshark was built to look at this one, or its heuristics do.",
    "dns",
    ["row"],
    ["dns_udp_8053.pcap"],
    isInNoRow,
  ),
  ...because("A message breaks off in its first question, which a row needs.", "dns", ["row"], [undefined], isInNoRow),
  ...because(
    "tshark takes an informational response (1xx) for the response.",
    "http",
    ["latency = http.time", "response_frame = http.response_in", "row"],
    ["http__100-continue.pcap"],
  ),
  ...because(
    "Frames are missing. After a gap ours gives a response to the latest request, tshark to the earliest.",
    "http",
    ["latency = http.time", "response_frame = http.response_in"],
    ["http__zero-length-bodies-with-drops.pcap"],
  ),
  ...because(
    "A request in the body of another, or behind one whose length lies: ours follows the length, tshark the segments.",
    "http",
    [
      "latency = http.time",
      "response_frame = http.response_in",
      "status = http.response.code",
      "reason = http.response.phrase",
      "response_version = http.response.version",
      "method = http.request.method",
      "target = http.request.uri",
      "request_content_length = http.content_length",
      "row",
    ],
    [
      "http__content-length-in-request-body.pcap",
      "http__261__variant-07-expect_100_cl0.pcap",
      "http__http-desync-request-response-5.pcap",
      "http__http-09-content-length-confusion.pcap",
    ],
  ),
  ...because(
    "A request line with spaces in its target: ours ends the target before the version, tshark at the first space.",
    "http",
    ["target = http.request.uri", "request_version = http.request.version"],
    ["http__connect-with-smtp.pcap"],
  ),
  ...because("HTTP on a port that tshark does not look for it on.", "http", ["row"], [undefined], isInRows),
  ...because(
    "Requests of version 0.9, without a version, or cut in their header are no rows.",
    "http",
    ["row"],
    [undefined],
    isInNoRow,
  ),
  ...because("On such a port tshark sees the response only.", "http", ["latency = http.time"], [undefined], onlyOurs),
  ...because(
    "A status line without a reason has an empty one.",
    "http",
    ["reason = http.response.phrase"],
    [undefined],
    ({ ours }) => ours === "",
  ),
  ...because(
    "An answer to a request that was sent again, or that went through a tunnel: tshark pairs it with another one, or with none.",
    "icmp",
    [
      "response_frame = icmp.resp_in",
      "latency = icmp.resptime",
      "response_frame = icmpv6.resp_in",
      "latency = icmpv6.resptime",
    ],
  ),
  ...because(
    "A message that is shorter than its type demands: ours is malformed and no row, tshark shows what there is.",
    "icmp",
    ["row"],
    [undefined],
    isInNoRow,
  ),
  ...because(
    "Pairs of echoes are rows under their requests; tshark counts frames of multicast tests otherwise.",
    "icmp",
    ["row"],
    [undefined],
    isInRows,
  ),
  ...because(
    "The same version, by its draft's name.",
    "quic",
    ["client_version = quic.version"],
    [undefined],
    ({ ours }) => ours.startsWith("draft"),
  ),
  ...because(
    "A connection after version negotiation, which tshark does not decrypt.",
    "quic",
    [
      "server_name = tls.handshake.extensions_server_name",
      "offered_alpn = tls.handshake.extensions_alpn_str",
      "offered_cipher_suites = tls.handshake.ciphersuite",
      "offered_groups = tls.handshake.extensions_supported_group",
      "offered_versions = tls.handshake.extensions.supported_version",
      "key_share_groups = tls.handshake.extensions_key_share_group",
      "signature_algorithms = tls.handshake.sig_hash_alg",
      "client_extensions = tls.handshake.extension.type",
      "client_random = tls.handshake.random",
      "ja3 = tls.handshake.ja3",
      "max_idle_timeout = tls.quic.parameter.max_idle_timeout",
      "initial_max_data = tls.quic.parameter.initial_max_data",
      "initial_max_stream_data_bidi_local = tls.quic.parameter.initial_max_stream_data_bidi_local",
      "initial_max_stream_data_bidi_remote = tls.quic.parameter.initial_max_stream_data_bidi_remote",
      "initial_max_stream_data_uni = tls.quic.parameter.initial_max_stream_data_uni",
      "initial_max_streams_bidi = tls.quic.parameter.initial_max_streams_bidi",
      "initial_max_streams_uni = tls.quic.parameter.initial_max_streams_uni",
      "active_connection_id_limit = tls.quic.parameter.active_connection_id_limit",
    ],
    ["quic_vn.pcap"],
    onlyOurs,
  ),
  ...because(
    "A flow is the innermost packet's; tshark has a conversation of the datagrams around it too.",
    "conversations",
    ["UDP conversation", "TCP conversation"],
    [undefined],
    ({ ours }) => ours.endsWith(": nothing"),
  ),
  ...because(
    "A flow counts every fragment of its datagrams, tshark the one that completes them; ours also follows what tshark does not (see docs/layers.md).",
    "conversations",
    ["UDP conversation", "TCP conversation"],
    [undefined],
    ({ ours, tshark }) => tshark !== NOTHING && packetsOf(ours) > packetsOf(tshark),
  ),
  ...because(
    "tshark has none where a header is cut or a length field is left empty by segmentation offload, of fragments that no other one completes, and under another address where IPv6 carries a home address or a route.",
    "conversations",
    ["UDP conversation", "TCP conversation"],
    [undefined],
    ({ tshark }) => tshark === NOTHING,
  ),
];

/** Number of packets in the text of a conversation. */
function packetsOf(text: string): number {
  return Number(/(\d+) packets/.exec(text)?.[1] ?? 0);
}
