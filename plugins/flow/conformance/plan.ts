import { COMMUNITY_ID_FIELDS } from "../../../test/conformance/community-id.js";
import type { PluginPlan } from "../../../test/conformance/comparison-plan.js";
import { CLIENT_FIELDS } from "../../../test/conformance/flow/client-evidence.js";
import { CONVERSATION_FIELDS } from "../../../test/conformance/flow/tshark-conversations.js";
import { isReversed, reverseRow } from "../../../test/conformance/reversed-row.js";
import { has } from "../../../test/conformance/tshark-frame.js";

/** Flows: a row has the first frame's addresses and ports, in whichever direction that goes. Conversations are compared by `compareFlows`. */
export const plan: PluginPlan = {
  fields: [...CONVERSATION_FIELDS, ...COMMUNITY_ID_FIELDS, ...CLIENT_FIELDS],
  coversManyFrames: true,
  isOf: (frame) => has(frame, "ip.src", "ipv6.src"),
  framesOf: (row) => [Number(row["frame_number"])],
  frameOf(column, row) {
    // Of ICMP the columns hold type and code, while tshark's ports are those of the packet that the message quotes.
    const hasPorts = row["transport"] === "TCP" || row["transport"] === "UDP";
    return column.type === "port" && !hasPorts ? undefined : Number(row["frame_number"]);
  },
  asSeen: (row, capture) => (isReversed(row, capture) ? reverseRow(row) : row),
};
