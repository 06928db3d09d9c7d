import { flowTable } from "../../../generated/flow/table.js";
import type { RowObject } from "../../../runtime/plugin/testing/decoder-bench.js";
import { COMMUNITY_ID_FIELDS } from "../community-id.js";
import type { ComparisonPlan } from "../comparison-plan.js";
import { CLIENT_FIELDS } from "../flow/client-evidence.js";
import { CONVERSATION_FIELDS, innermostOf } from "../flow/tshark-conversations.js";
import type { TsharkCapture } from "../tshark-capture.js";
import { has } from "../tshark-frame.js";

/** Flows: a row has the first frame's addresses and ports, in whichever direction that goes. Conversations are compared by `compareFlows`. */
export const flowPlan: ComparisonPlan = {
  table: flowTable,
  fields: [...CONVERSATION_FIELDS, ...COMMUNITY_ID_FIELDS, ...CLIENT_FIELDS],
  coversManyFrames: true,
  isOf: (frame) => has(frame, "ip.src", "ipv6.src"),
  framesOf: (row) => [Number(row["frame_number"])],
  frameOf(column, row) {
    // Of ICMP the columns hold type and code, while tshark's ports are those of the packet that the message quotes.
    const hasPorts = row["transport"] === "TCP" || row["transport"] === "UDP";
    return column.type === "port" && !hasPorts ? undefined : Number(row["frame_number"]);
  },
  asSeen: (row, capture) => (isReversed(row, capture) ? reverse(row) : row),
};

/** True where the first frame went from the row's destination to its source. */
function isReversed(row: RowObject, { frames, packets }: TsharkCapture): boolean {
  const index = Number(row["frame_number"]) - 1;
  const first = packets[index];
  if (first === undefined) return false;
  const packet = innermostOf(first, frames[index]);
  const { src_address, dst_address, src_port, dst_port } = row;
  if (packet.source !== dst_address || packet.destination !== src_address) return false;
  if (src_address !== dst_address) return true;
  const port = packet.transportValue("tcp.srcport") ?? packet.transportValue("udp.srcport");
  return port === String(dst_port) && src_port !== dst_port;
}

function reverse(row: RowObject): RowObject {
  const { src_address, dst_address, src_port, dst_port } = row;
  return { ...row, src_address: dst_address, dst_address: src_address, src_port: dst_port, dst_port: src_port };
}
