import { ntpTable } from "../../../generated/ntp/table.js";
import type { ComparisonPlan } from "../comparison-plan.js";
import { has } from "../tshark-frame.js";

/** NTP: a row is a frame. */
export const ntpPlan: ComparisonPlan = {
  table: ntpTable,
  fields: ["ntp", "ntp.flags.mode", "icmp", "icmpv6"],
  isOf: (frame) => has(frame, "ntp") && !has(frame, "icmp", "icmpv6"),
  framesOf: (row) => [Number(row["frame_number"])],
  frameOf: (_, row) => Number(row["frame_number"]),
  asSeen: (row) => row,
};
