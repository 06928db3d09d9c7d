import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import type { Column } from "../../runtime/schema/event-table.js";
import type { Agreement } from "./agreement.js";
import type { CaptureReadings } from "./capture-readings.js";
import { type ComparisonPlan, comparedColumns } from "./comparison-plan.js";
import { type Difference, NOTHING } from "./difference.js";
import type { TsharkCapture } from "./tshark-capture.js";
import type { TsharkFrame } from "./tshark-frame.js";
import { ourValue, tsharkValue } from "./tshark-value.js";

type Report = (field: string, ours: string | null, tshark: string | null) => void;

/** Compares every annotated column of a plugin's rows with tshark's frames; `agreement` counts the values. */
export function compareRows(plan: ComparisonPlan, readings: CaptureReadings, agreement: Agreement): Difference[] {
  const { resource } = plan.table;
  const differences: Difference[] = [];
  const columns = comparedColumns(plan);
  for (const original of readings.ours.rows.get(resource) ?? []) {
    if (plan.isUnknown && readings.otherLayers.byFrame.has(Number(original["frame_number"]))) continue;
    const row = plan.asSeen(original, readings.tshark);
    for (const column of columns) {
      const number = plan.frameOf(column, row, readings.tshark);
      if (number === undefined) continue;
      const read = number === null ? {} : shownFrame(plan, row, number, readings.tshark);
      // That a row represents a frame which tshark assigns to another protocol's is reported by `compareFrames`.
      if (read === undefined || (number !== null && !plan.isOf(read))) continue;
      const frame = number === null ? read : (plan.asRow?.(read) ?? read);
      const report: Report = (name, ours, tshark) => {
        const field = `${column.name} = ${name}`;
        if (ours !== null || tshark !== null) agreement.count(field, ours === tshark);
        if (ours === tshark) return;
        differences.push({
          capture: readings.capture,
          resource,
          frame: Number(number ?? original["frame_number"]),
          field,
          ours: ours ?? NOTHING,
          tshark: tshark ?? NOTHING,
          evidence: { readings, row: original, frame: number === null ? undefined : read },
        });
      };
      if (column.isList) compareList(plan, column, row, frame, report);
      else compareValue(plan, column, row, frame, report);
    }
  }
  return differences;
}

/** A row of one packet is compared with the packet by itself, unless it came in a tunnel, whose fragments are reassembled. */
function shownFrame(
  plan: ComparisonPlan,
  row: RowObject,
  number: number,
  { frames, packets }: TsharkCapture,
): TsharkFrame | undefined {
  const isSingle = plan.coversManyFrames && (row["tunnel_kinds"] as readonly unknown[]).length === 0;
  return (isSingle ? packets : frames)[number - 1];
}

function compareValue(plan: ComparisonPlan, column: Column, row: RowObject, frame: TsharkFrame, report: Report): void {
  // A packet inside an ICMP error has the same fields again, after those of the frame itself.
  const first = plan.occurrenceOf?.(column, row) ?? 0;
  const indexOf = (name: string) => first + outerOccurrences(name, row, frame);
  const field = column.wireshark.find((name) => (frame[name]?.length ?? 0) > indexOf(name)) ?? column.wireshark[0]!;
  const text = frame[field]?.[indexOf(field)];
  report(field, ourValue(column, row[column.name]), text === undefined ? null : shownValue(plan, column, field, text));
}

function shownValue({ valueForms }: ComparisonPlan, column: Column, field: string, text: string): string | null {
  const form = valueForms?.[field];
  return form === undefined ? tsharkValue(column, text) : form(text);
}

const UDP_TUNNELS: readonly unknown[] = ["VXLAN", "GENEVE", "GTPU", "TEREDO", "L2TP", "LISP", "GUE", "AYIYA"];

const MAYBE_IN_UDP: readonly unknown[] = ["GRE", "NVGRE", "MPLS"];

/** How often tshark shows a field of the tunnels around a row's packet, before that of the packet itself. */
function outerOccurrences(field: string, row: RowObject, frame: TsharkFrame): number {
  // Both lists are columns of every row.
  const addresses = row["tunnel_src_addresses"] as readonly string[];
  const kinds = row["tunnel_kinds"] as readonly string[];
  if (field.startsWith("ip."))
    return addresses.filter((address) => /^[\d.]+$/.test(address) && address !== "0.0.0.0").length;
  if (field.startsWith("ipv6.")) return addresses.filter((address) => address.includes(":")).length;
  if (!field.startsWith("udp.")) return 0;
  const carried = kinds.filter((kind) => UDP_TUNNELS.includes(kind)).length;
  // GRE and labels may be in UDP or not.
  const isOther = kinds.some((kind) => MAYBE_IN_UDP.includes(kind));
  return carried + (isOther ? (frame["frame.protocols"]?.[0]?.match(/:udp:(gre|mpls)(?=:)/g)?.length ?? 0) : 0);
}

/** tshark's list may continue after ours, with the records of other sections. */
function compareList(plan: ComparisonPlan, column: Column, row: RowObject, frame: TsharkFrame, report: Report): void {
  for (const field of column.wireshark) {
    const items = plan.itemsOf?.(column, field, row) ?? (row[column.name] as readonly unknown[]);
    const index = plan.occurrenceOf?.(column, row) ?? 0;
    const texts = (frame[field] ?? []).slice(index, index + items.length);
    const ours = items.map((item) => ourValue(column, item)).join(" | ");
    const tshark = texts.map((text) => shownValue(plan, column, field, text)).join(" | ");
    report(field, ours === "" ? null : ours, tshark === "" ? null : tshark);
  }
}
