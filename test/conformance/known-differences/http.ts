import { type Difference, NOTHING } from "../comparison.js";
import type { KnownDifference } from "../known-differences.js";

const onlyOurs = ({ ours, tshark }: Difference) => ours !== NOTHING && tshark === NOTHING;

const INFORMATIONAL =
  "tshark takes an informational response (1xx) for the response; ours lists its status and goes on to the final one.";
const PIPELINED =
  "Several requests in one frame, each a row of ours; tshark pairs the response with the first of them and shows the fields of all in one frame.";

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
  ...["target = http.request.uri", "location = http.location"].map(
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
