import { Kind } from "../../../generated/arp/arp_enums.js";
import type { PluginPlan } from "../../../test/conformance/comparison-plan.js";
import { has, type TsharkFrame } from "../../../test/conformance/tshark-frame.js";

/** ARP: a row is a frame; Wireshark tells kind and conflict by fields that are there or not. */
export const plan: PluginPlan = {
  fields: ["arp", "arp.isprobe", "arp.isannouncement", "arp.isgratuitous"],
  // A reply is a row of its own too.
  framesOf: (row) => [Number(row["frame_number"])],
  frameOf: (_, row) => Number(row["frame_number"]),
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
