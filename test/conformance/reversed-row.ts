import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import { innermostOf } from "./flow/tshark-conversations.js";
import type { TsharkCapture } from "./tshark-capture.js";

/** Whether the frame that a row names went from the row's destination to its source. */
export function isReversed(row: RowObject, { frames, packets }: TsharkCapture): boolean {
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

/** A row with its source and destination exchanged. */
export function reverseRow(row: RowObject): RowObject {
  const { src_address, dst_address, src_port, dst_port } = row;
  return { ...row, src_address: dst_address, dst_address: src_address, src_port: dst_port, dst_port: src_port };
}
