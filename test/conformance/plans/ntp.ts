import { ntpTable } from "../../../generated/ntp/table.js";
import type { ComparisonPlan } from "../comparison.js";

/** NTP: a row is a frame. */
export const ntpPlan: ComparisonPlan = {
  table: ntpTable,
  displayFilter: "ntp && !icmp && !icmpv6",
  framesOf: (row) => [Number(row["frame_number"])],
  frameOf: (_, row) => Number(row["frame_number"]),
  asSeen: (row) => row,
};
