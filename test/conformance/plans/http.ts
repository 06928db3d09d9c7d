import { httpTable } from "../../../generated/http/table.js";
import type { ComparisonPlan } from "../comparison-plan.js";
import { has } from "../tshark-frame.js";

/** Columns of a transaction that tell of its response. */
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

/** HTTP transactions. tshark shows a message where its header ends, not where its body does. */
export const httpPlan: ComparisonPlan = {
  table: httpTable,
  fields: ["http", "http.request", "http.response", "icmp", "icmpv6"],
  isOf: (frame) => has(frame, "http.request", "http.response") && !has(frame, "icmp", "icmpv6"),
  framesOf: (row) =>
    [...new Set([row["state"] === "UNSOLICITED" ? null : row["frame_number"], row["response_frame"]])]
      .filter((frame) => frame !== null)
      .map(Number),
  // tshark shows a header only where it ends.
  isUnfinished: (row) => row["incomplete"] === true,
  frameOf(column, row) {
    const response = row["response_frame"] === null ? null : Number(row["response_frame"]);
    if (RESPONSE_COLUMNS.has(column.name)) return response;
    return row["state"] === "UNSOLICITED" ? undefined : Number(row["frame_number"]);
  },
  asSeen: (row) => row,
};
