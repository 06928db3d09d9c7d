import { flowTable } from "../../../generated/flow/table.js";
import type { ComparisonPlan } from "../comparison.js";

/** Flows: a row has the first frame's addresses and ports. */
export const flowPlan: ComparisonPlan = {
  table: flowTable,
  coversManyFrames: true,
  displayFilter: "ip || ipv6",
  framesOf: (row) => [Number(row["frame_number"])],
  frameOf(column, row) {
    // Of ICMP the columns hold type and code, while tshark's ports are those of the packet that the message quotes.
    const hasPorts = row["transport"] === "TCP" || row["transport"] === "UDP";
    return column.type === "port" && !hasPorts ? undefined : Number(row["frame_number"]);
  },
  asSeen: (row) => row,
};
