import type { PluginPlan } from "../../../test/conformance/comparison-plan.js";
import { has } from "../../../test/conformance/tshark-frame.js";

/** Columns of a transaction that describe its response. */
const RESPONSE_COLUMNS = new Set([
  "latency",
  "status",
  "reason",
  "response_version",
  "response_content_type",
  "response_content_length",
  "content_encoding",
  "transfer_encoding",
  "location",
  "server",
  "upgrade",
]);

/** Columns of HTTP/1 that tshark has no counterpart of in HTTP/2. */
const HTTP1_COLUMNS = new Set(["latency", "response_frame", "reason", "request_version", "response_version"]);

/** Type of HTTP/2's frames with fields. */
const HEADERS = "1";

/** HTTP transactions. tshark shows a message where its header ends, not where its body does. */
export const plan: PluginPlan = {
  fields: [
    "http",
    "http.request",
    "http.response",
    "http2.headers.method",
    "http2.headers.status",
    "http2.type",
    "icmp",
    "icmpv6",
  ],
  isOf: (frame) =>
    has(frame, "http.request", "http.response", "http2.headers.method", "http2.headers.status") &&
    !has(frame, "icmp", "icmpv6"),
  asRow: (frame) =>
    has(frame, "http2.type")
      ? Object.assign(Object.create(frame), {
          "http2.streamid": frame["http2.streamid"]?.filter((_, i) => frame["http2.type"]?.[i] === HEADERS),
          "http2.headers.status": frame["http2.headers.status"]?.filter((status) => Number(status) >= 200),
        })
      : frame,
  framesOf: (row) =>
    [...new Set([row["state"] === "UNSOLICITED" ? null : row["frame_number"], row["response_frame"]])]
      .filter((frame) => frame !== null)
      .map(Number),
  // tshark shows a header only where it ends.
  isUnfinished: (row) => row["incomplete"] === true,
  frameOf(column, row) {
    const response = row["response_frame"] === null ? null : Number(row["response_frame"]);
    // A request of HTTP/1 that asked for HTTP/2 is answered on stream 1.
    if (row["stream_id"] !== null && (HTTP1_COLUMNS.has(column.name) || column.name === "upgrade")) return undefined;
    if (column.name === "stream_id" && row["request_version"] !== "HTTP/2") return response;
    if (RESPONSE_COLUMNS.has(column.name)) return response;
    return row["state"] === "UNSOLICITED" ? undefined : Number(row["frame_number"]);
  },
  asSeen: (row) => row,
};
