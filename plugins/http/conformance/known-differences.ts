import {
  all,
  frameNumbered,
  hasField,
  inNoRow,
  isCut,
  isCutFrame,
  isInSeveralVlans,
  onlyInRow,
  onlyOurs,
  onlyTsharks,
} from "../../../test/conformance/conditions.js";
import { type Difference, NOTHING } from "../../../test/conformance/difference.js";
import type { KnownDifference } from "../../../test/conformance/known-difference.js";
import { isOnHttpPort } from "../../../test/conformance/known-differences/http-ports.js";
import { has, hasValue, type TsharkFrame } from "../../../test/conformance/tshark-frame.js";

/** Types of HTTP/2's frames. */
const HEADERS = "1";
const PUSH_PROMISE = "5";

const PAIR = ["latency = http.time", "response_frame = http.response_in"];

/** The frame that tshark treats as the response has an informational one (1xx). */
function isInformational(difference: Difference): boolean {
  const { row, frame } = difference.evidence;
  const codes =
    difference.field === "response_frame = http.response_in"
      ? frameNumbered(difference, difference.tshark)?.["http.response.code"]
      : frame?.["http.response.code"];
  const isListed = ((row?.["informational_statuses"] ?? []) as readonly unknown[]).length > 0;
  return difference.field === "latency = http.time" ? isListed : (codes?.[0]?.startsWith("1") ?? false);
}

/** Text in which `***` stands for a credential, beside the text with the credential. */
function isRedacted({ ours, tshark }: Difference): boolean {
  const parts = ours.split("***");
  if (parts.length === 1 || !tshark.startsWith(parts[0]!)) return false;
  let at = 0;
  for (const part of parts) {
    const found = tshark.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return true;
}

/** The captured part of a segment has the empty line after a header. */
function hasHeaderEnd(frame: TsharkFrame | undefined): boolean {
  return frame?.["tcp.payload"]?.some((bytes) => /^(..)*?0d0a0d0a/.test(bytes)) ?? false;
}

/** The frame with the request of the response is truncated, so that there is no request to pair. */
function isRequestCut(difference: Difference): boolean {
  const request = difference.evidence.frame?.["http.request_in"]?.[0];
  return request !== undefined && isCutFrame(frameNumbered(difference, request));
}

/** The row is of HTTP/0.9. */
function isSimple({ evidence }: Difference): boolean {
  return evidence.row?.["request_version"] === "HTTP/0.9" || evidence.row?.["response_version"] === "HTTP/0.9";
}

/** The version stands in the place of the target. */
function isWithoutTarget(frame: TsharkFrame | undefined): boolean {
  return frame?.["http.request.uri"]?.some((uri) => /^HTTP\//.test(uri)) ?? false;
}

function requestOf(difference: Difference): TsharkFrame | undefined {
  return frameNumbered(difference, difference.evidence.frame?.["http.request_in"]?.[0]);
}

/** Reviewed frames by capture. */
const MESSAGES_IN_BODIES: ReadonlyMap<string, readonly number[]> = new Map([
  ["http__content-length-in-request-body.pcap", [14, 15]],
  ["http__261__variant-07-expect_100_cl0.pcap", [4]],
  ["http__http-desync-request-response-5.pcap", [16]],
  ["http__http-inner-transfer-encoding-ossfuzz.pcap", [13]],
]);

/** Fields of tshark that only the conditions here read. */
export const evidenceFields = ["http.request_in", "http.response.code", "http.request.version", "ssdp"];

/** Known differences of HTTP. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    id: "http/informational",
    fields: ["row", ...PAIR],
    reason:
      "tshark takes an informational response (1xx) for the response; ours lists its status and goes on to the final one.",
    explains: (difference) =>
      isInformational(difference) &&
      (difference.field !== "row" || inNoRow(difference)) &&
      (difference.field !== "latency = http.time" || onlyOurs(difference)),
  },
  {
    id: "http/redacted",
    fields: [
      "target = http.request.uri",
      "location = http.location",
      "referrer = http.referer",
      "target = http2.headers.path",
      "location = http2.headers.location",
    ],
    reason: "A credential does not leave the agent.",
    explains: isRedacted,
  },
  {
    id: "http/pipelined",
    fields: [...PAIR, "target = http.request.uri", "host = http.host", "method = http.request.method", "row"],
    captures: ["pipelined.pcap"],
    reason:
      "Several requests in one frame, each a row of ours; tshark pairs the response with the first of them and shows the fields of all in one frame.",
    explains: ({ evidence, field }) => field === "row" || (evidence.frame?.["http.request"]?.length ?? 0) !== 1,
  },
  {
    id: "http/tunnelled",
    fields: ["row"],
    captures: ["switched.pcap"],
    reason:
      "tshark decodes what a tunnel of CONNECT carries by the port that the request names, and has no protocol for this one; ours is found by the bytes.",
    explains: (difference) => onlyInRow(difference) && [18, 19].includes(difference.frame),
  },
  {
    id: "http/over-udp",
    fields: ["row"],
    reason: "SSDP has HTTP's format over UDP; rows are of TCP.",
    explains: all(inNoRow, hasField("ssdp"), hasField("udp")),
  },
  {
    id: "http/cut",
    fields: ["row"],
    reason: "The capture cut the frame inside the header.",
    explains: all(inNoRow, isCut, ({ evidence }) => !hasHeaderEnd(evidence.frame)),
  },
  {
    id: "http/request-cut",
    fields: ["latency = http.time"],
    reason: "The capture cut the request inside its header, so that the response has none.",
    explains: all(onlyTsharks, isRequestCut),
  },
  {
    id: "http/simple-response",
    fields: ["row"],
    reason: "A response of HTTP/0.9 has no header: tshark shows bytes, ours the response of the row.",
    explains: (difference) => onlyInRow(difference) && isSimple(difference),
  },
  {
    id: "http/simple-request",
    fields: ["row"],
    captures: ["http__http-09-content-length-confusion.pcap"],
    reason: "A request of HTTP/0.9 ends with its line; tshark shows it where an empty line follows.",
    explains: (difference) => inNoRow(difference) && difference.frame === 12,
  },
  {
    id: "http/without-target",
    fields: ["row", "latency = http.time"],
    reason: "A request line without a target; ours is not a request, and the response is without one.",
    explains: (difference) => isWithoutTarget(difference.evidence.frame) || isWithoutTarget(requestOf(difference)),
  },
  {
    id: "http/multiplexed",
    fields: [
      "status = http2.headers.status",
      "target = http2.headers.path",
      "referrer = http2.headers.referer",
      "server = http2.headers.server",
      "request_content_type = http2.headers.content_type",
      "response_content_type = http2.headers.content_type",
      "response_content_length = http2.headers.content_length",
      "stream_id = http2.streamid",
      "row",
    ],
    reason:
      "Several HTTP/2 streams in one frame, each a row of ours; tshark shows the fields of all, and those of the first are compared.",
    explains: ({ evidence }) => (evidence.frame?.["http2.type"]?.filter((type) => type === HEADERS).length ?? 0) > 1,
  },
  {
    id: "http/promised",
    fields: ["src_address = ip.src", "dst_address = ip.dst", "src_port = tcp.srcport", "dst_port = tcp.dstport"],
    reason:
      "The row of a request that the server promises has the client as its source; its frame comes from the server.",
    explains: ({ evidence }) => hasValue(evidence.frame, "http2.type", PUSH_PROMISE),
  },
  {
    id: "http/other-port",
    fields: ["row"],
    reason: "HTTP on a port on which tshark does not look for it; ours is found by the bytes.",
    explains: (difference) =>
      onlyInRow(difference) && !isOnHttpPort(difference) && has(difference.evidence.frame, "tcp"),
  },
  {
    id: "http/several-vlans",
    fields: ["row"],
    reason:
      "Connections of the same addresses and ports in several VLANs are one to tshark, which then loses the messages of some.",
    explains: all(onlyInRow, isInSeveralVlans),
  },
  {
    id: "http/other-port-request",
    fields: ["latency = http.time"],
    reason: "On such a port tshark sees the response only.",
    explains: (difference) =>
      onlyOurs(difference) &&
      !isOnHttpPort(difference) &&
      has(difference.evidence.frame, "http.response") &&
      !has(difference.evidence.frame, "http.request_in"),
  },
  {
    id: "http/spaces-in-target",
    fields: ["target = http.request.uri"],
    reason:
      "A request line with spaces in its target: ours ends the target before the version, tshark at the first space.",
    explains: ({ ours, tshark, evidence }) => {
      const version = evidence.frame?.["http.request.version"]?.[0] ?? "";
      return version.includes(" ") && ours.startsWith(`${tshark} `);
    },
  },
  {
    id: "http/spaces-in-version",
    fields: ["request_version = http.request.version"],
    reason: "As for the target, whose end tshark shows before the version.",
    explains: ({ ours, tshark }) => /^HTTP\/\d\.\d$/.test(ours) && tshark.endsWith(` ${ours}`),
  },
  {
    id: "http/empty-reason",
    fields: ["reason = http.response.phrase"],
    reason: "A status line without a reason has an empty one.",
    explains: ({ ours, tshark, evidence }) =>
      ours === "" && tshark === NOTHING && has(evidence.frame, "http.response.code"),
  },
  {
    id: "http/message-in-body",
    fields: [
      ...PAIR,
      "status = http.response.code",
      "reason = http.response.phrase",
      "response_version = http.response.version",
      "method = http.request.method",
      "target = http.request.uri",
      "request_content_length = http.content_length",
      "row",
    ],
    captures: [...MESSAGES_IN_BODIES.keys()],
    reason:
      "A message in the body of another, behind one whose length lies, or in the segment that ends one: ours follows the lengths, tshark the segments.",
    explains: ({ capture, frame }) => MESSAGES_IN_BODIES.get(capture)?.includes(frame) ?? false,
  },
  {
    id: "http/request-of-server",
    fields: ["row"],
    captures: ["tcp__payload-synack.pcap"],
    reason: "A request in a SYN-ACK: the handshake makes its sender the server, which does not send requests.",
    explains: (difference) => inNoRow(difference) && difference.frame === 2,
  },
];
