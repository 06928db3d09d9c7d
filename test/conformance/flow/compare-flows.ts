import type { RowObject } from "../../../runtime/plugin/testing/row-object.js";
import type { Agreement } from "../agreement.js";
import type { CaptureReadings } from "../capture-readings.js";
import { type Difference, NOTHING } from "../difference.js";
import { conversationKey, endpointOf } from "./conversation-key.js";
import { readConversations, type TsharkConversation } from "./tshark-conversations.js";
import { zeekConnState } from "./zeek-conn-state.js";

type Report = (frame: number, field: string, ours: string, tshark: string, row: RowObject | undefined) => void;

/**
 * Lays the flows of TCP and UDP beside the conversations that tshark's frames make: which there are, who began them, packets and bytes in
 * each direction, copies, and the state of each connection by Zeek's rules.
 */
export function compareFlows(readings: CaptureReadings, agreement: Agreement): Difference[] {
  const conversations = readConversations(readings);
  const flows = groupFlows(readings.ours.rows.get("flow") ?? []);
  const differences: Difference[] = [];
  for (const key of new Set([...flows.keys(), ...conversations.keys()])) {
    const rows = flows.get(key) ?? [];
    const conversation = conversations.get(key);
    const report: Report = (frame, field, ours, tshark, row) => {
      agreement.count(field, ours === tshark);
      if (ours === tshark) return;
      const evidence = { readings, row, conversation, key, frame: readings.tshark.frames[frame - 1] };
      differences.push({ capture: readings.capture, resource: "flow", frame, field, ours, tshark, evidence });
    };
    const frame = Number(rows[0]?.["frame_number"] ?? conversation?.packets[0]?.frame);
    const textOf = (isThere: boolean) => (isThere ? key : NOTHING);
    report(frame, "conversation", textOf(rows.length > 0), textOf(conversation !== undefined), rows[0]);
    if (conversation === undefined || rows.length === 0) continue;
    compareCounts(rows, conversation, report);
    if (conversation.transport === "TCP") compareStates(rows, conversation, report);
  }
  return differences;
}

function groupFlows(rows: readonly RowObject[]): Map<string, RowObject[]> {
  const flows = new Map<string, RowObject[]>();
  for (const row of rows) {
    const { transport } = row;
    if (transport !== "TCP" && transport !== "UDP") continue;
    const key = conversationKey(transport, sourceOf(row), destinationOf(row));
    flows.set(key, [...(flows.get(key) ?? []), row]);
  }
  for (const group of flows.values()) group.sort((a, b) => Number(a["frame_number"]) - Number(b["frame_number"]));
  return flows;
}

function sourceOf(row: RowObject): string {
  return endpointOf(row["src_address"], row["src_port"]);
}

function destinationOf(row: RowObject): string {
  return endpointOf(row["dst_address"], row["dst_port"]);
}

/** Compares sums over all rows, in the direction of the first one. */
function compareCounts(rows: readonly RowObject[], conversation: TsharkConversation, report: Report): void {
  const [row] = rows as [RowObject];
  const frame = Number(row["frame_number"]);
  const source = sourceOf(row);
  report(frame, "source = first sender", source, conversation.first, row);
  const counted = conversation.packets.filter(({ isCopy }) => !isCopy);
  for (const isSource of [true, false]) {
    const sent = counted.filter(({ isFromFirst }) => (source === conversation.first) === (isFromFirst === isSource));
    const sum = (unit: "packets" | "bytes") => {
      let total = 0;
      for (const each of rows) {
        const isOurSource = (sourceOf(each) === source) === isSource;
        total += Number(each[`${isOurSource ? "src" : "dst"}_${unit}`]);
      }
      return String(total);
    };
    const side = isSource ? "src" : "dst";
    const bytes = sent.reduce((total, { lengthBytes }) => total + lengthBytes, 0);
    report(frame, `${side}_packets = frames`, sum("packets"), String(sent.length), row);
    report(frame, `${side}_bytes = frame.len`, sum("bytes"), String(bytes), row);
  }
  const duplicates = rows.reduce((total, each) => total + Number(each["duplicates"]), 0);
  const copies = conversation.packets.length - counted.length;
  if (duplicates !== 0 || copies !== 0) report(frame, "duplicates = frames", String(duplicates), String(copies), row);
}

/** Compares the state of each row with that of the frames from its connection's first row up to its own end. */
function compareStates(rows: readonly RowObject[], conversation: TsharkConversation, report: Report): void {
  let firstFrame = 0;
  for (const [index, row] of rows.entries()) {
    if (index === 0 || rows[index - 1]!["is_final"] === true) firstFrame = Number(row["frame_number"]);
    const nextFrame = Number(rows[index + 1]?.["frame_number"] ?? Number.POSITIVE_INFINITY);
    const isFirstSource = sourceOf(row) === conversation.first;
    const packets = conversation.packets
      .filter(({ frame, isCopy }) => frame >= firstFrame && frame < nextFrame && !isCopy)
      .map(({ isFromFirst, flags, hasData }) => ({ isFromOriginator: isFromFirst === isFirstSource, flags, hasData }));
    report(
      Number(row["frame_number"]),
      "conn_state = Zeek's rules",
      String(row["conn_state"]),
      zeekConnState(packets),
      row,
    );
  }
}
