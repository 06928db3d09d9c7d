import { type Difference, NOTHING } from "../comparison.js";
import type { KnownDifference } from "../known-differences.js";

const onlyOurs = ({ ours, tshark }: Difference) => ours !== NOTHING && tshark === NOTHING;

const INFORMATIONAL =
  "tshark takes an informational response (1xx) for the response; ours lists its status and goes on to the final one.";
const PIPELINED =
  "Several requests in one frame, each a row of ours; tshark pairs the response with the first of them and shows the fields of all in one frame.";
const MULTIPLEXED =
  "Several HTTP/2 streams in one frame, each a row of ours; tshark shows the fields of all, and those of the first are compared.";

/** Of the `http` plugin. */
export const httpDifferences: readonly KnownDifference[] = [
  {
    resource: "http",
    field: "latency = http.time",
    capture: "framings.pcap",
    reason: INFORMATIONAL,
    explains: onlyOurs,
  },
  {
    resource: "http",
    field: "response_frame = http.response_in",
    capture: "framings.pcap",
    reason: INFORMATIONAL,
    explains: ({ ours, tshark }) => Number(ours) > Number(tshark),
  },
  {
    resource: "http",
    field: "row",
    capture: "framings.pcap",
    reason: INFORMATIONAL,
    explains: ({ ours }) => ours === "in 0 rows",
  },
  {
    resource: "http",
    field: "row",
    capture: "switched.pcap",
    reason:
      "tshark decodes what a tunnel of CONNECT carries by the port that the request names, and has no protocol for this one; ours is found by the bytes.",
    explains: ({ frame, ours }) => ours === "in 1 rows" && [18, 19].includes(frame),
  },
  {
    resource: "http",
    field: "request_version = http.request.version",
    corpus: true,
    reason: "A request of HTTP/0.9 has no version in its line; ours names it, as Zeek does.",
    explains: ({ ours, tshark }) => ours === "HTTP/0.9" && tshark === NOTHING,
  },
  {
    resource: "http",
    field: "row",
    capture: "upgrade.pcap",
    reason: "The response that switches to HTTP/2 is informational in ours; the final one, on stream 1, is in the row.",
    explains: ({ ours, frame }) => ours === "in 0 rows" && [6, 24, 40, 54, 70].includes(frame),
  },
  {
    resource: "http",
    field: "row",
    capture: "http2.pcap",
    reason: "HTTP/2 on a port that tshark does not look for it on.",
    explains: ({ ours, frame }) => ours === "in 1 rows" && [77, 82].includes(frame),
  },
  ...[
    "status = http2.headers.status",
    "target = http2.headers.path",
    "referrer = http2.headers.referer",
    "server = http2.headers.server",
    "request_content_type = http2.headers.content_type",
    "response_content_type = http2.headers.content_type",
    "response_content_length = http2.headers.content_length",
    "stream_id = http2.streamid",
    "row",
  ].map(
    (field): KnownDifference => ({
      resource: "http",
      field,
      capture: "http2.pcap",
      reason: MULTIPLEXED,
      explains: ({ frame }) => [11, 12, 64, 102, 107].includes(frame),
    }),
  ),
  ...["src_address = ip.src", "dst_address = ip.dst", "src_port = tcp.srcport", "dst_port = tcp.dstport"].map(
    (field): KnownDifference => ({
      resource: "http",
      field,
      capture: "http2.pcap",
      reason:
        "The row of a request that the server promises has the client as its source; its frame comes from the server.",
      explains: ({ frame }) => frame === 64,
    }),
  ),
  ...[
    "target = http.request.uri",
    "location = http.location",
    "target = http2.headers.path",
    "location = http2.headers.location",
  ].map(
    (field): KnownDifference => ({
      resource: "http",
      field,
      reason: "A credential stays at home.",
      explains: ({ ours }) => ours.includes("***"),
    }),
  ),
  ...[
    "latency = http.time",
    "response_frame = http.response_in",
    "target = http.request.uri",
    "host = http.host",
    "method = http.request.method",
    "row",
  ].map(
    (field): KnownDifference => ({
      resource: "http",
      field,
      capture: "pipelined.pcap",
      reason: PIPELINED,
      explains: ({ ours, tshark }) => ours !== tshark,
    }),
  ),
];
