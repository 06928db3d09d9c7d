import { Kind } from "../../../generated/arp/arp_enums.js";
import { arpTable } from "../../../generated/arp/table.js";
import type { ComparisonPlan } from "../comparison-plan.js";
import { has, type TsharkFrame } from "../tshark-frame.js";

/** ARP: a row is a frame; Wireshark tells kind and conflict by fields that are there or not. */
export const arpPlan: ComparisonPlan = {
  table: arpTable,
  withoutCounterpart: new Set(["src_address", "dst_address", "src_port", "dst_port", "community_id"]),
  fields: ["arp", "arp.isprobe", "arp.isannouncement", "arp.isgratuitous"],
  isOf: (frame) => has(frame, "arp"),
  framesOf: (row) => [Number(row["frame_number"])],
  frameOf: (_, row) => Number(row["frame_number"]),
  asSeen: (row) => row,
  asRow: (frame) => ({
    ...frame,
    "arp.isprobe": [String(kindOf(frame))],
    "arp.duplicate-address-detected": [has(frame, "arp.duplicate-address-detected") ? "1" : "0"],
  }),
};

function kindOf(frame: TsharkFrame): number {
  if (has(frame, "arp.isprobe")) return Kind.PROBE;
  if (has(frame, "arp.isannouncement")) return Kind.ANNOUNCEMENT;
  return has(frame, "arp.isgratuitous") ? Kind.GRATUITOUS : Kind.ORDINARY;
}
