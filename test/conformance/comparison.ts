import type { RowObject } from "../../runtime/plugin/testing/decoder-bench.js";
import type { Column, EventTable } from "../../runtime/schema/event-table.js";
import type { Agreement } from "./agreement.js";
import { ourValue, tsharkValue } from "./tshark-value.js";

/** Fields of one frame, as `readTsharkFields` reads them. */
export type TsharkFrame = Readonly<Record<string, readonly string[]>>;

/** How the rows of one plugin are laid beside tshark's frames. */
export interface ComparisonPlan {
  readonly table: EventTable;
  /** Frames that tshark takes for this plugin's. */
  readonly displayFilter: string;
  /** Frames that exactly one row stands for, as a display filter; those of `displayFilter` where absent. */
  readonly ownFrames?: string;
  /** Preferences for tshark, as `name:value`. */
  readonly preferences?: readonly string[];
  /** A row stands for many frames and names one, so that frames without a row tell nothing. */
  readonly coversManyFrames?: boolean;
  /** Fields that {@link asRow} reads besides the columns' own. */
  readonly otherFields?: readonly string[];
  /** Columns that tshark has no counterpart of in any frame, such as ports of ARP; none where absent. */
  readonly withoutCounterpart?: ReadonlySet<string>;
  /** Numbers of the frames that a row stands for. */
  framesOf(row: RowObject): number[];
  /**
   * Number of the frame that a column's value is from; null where the row has no such frame and so no value; undefined for a value
   * that tshark has no counterpart of.
   */
  frameOf(column: Column, row: RowObject): number | null | undefined;
  /** The row with its values as they stand in those frames. */
  asSeen(row: RowObject): RowObject;
  /** A frame with the fields that tshark has for one column in its first one; the frame as it is where absent. */
  asRow?(frame: TsharkFrame): TsharkFrame;
  /** Index of the first of a field's values in a frame that is the column's, such as those of a packet inside; 0 where absent. */
  occurrenceOf?(column: Column, row: RowObject): number;
  /** Items of a list that one of tshark's fields shows; all where absent. */
  itemsOf?(column: Column, field: string, row: RowObject): readonly unknown[];
}

/** Where tshark and a row disagree. */
export interface Difference {
  readonly capture: string;
  readonly frame: number;
  /** Column and Wireshark field, such as `rcode = dns.flags.rcode`; `row` for a frame without exactly one row. */
  readonly field: string;
  readonly ours: string;
  readonly tshark: string;
}

/** A difference in one line. */
export function describeDifference({ capture, frame, field, ours, tshark }: Difference): string {
  return `${capture} frame ${frame}: ${field}: ours ${ours}, tshark ${tshark}`;
}

/** What a side without a value says. */
export const NOTHING = "nothing";

/** The columns of a plan's table that name their Wireshark field and have a counterpart in tshark's frames. */
export function comparedColumns({ table, withoutCounterpart }: ComparisonPlan): Column[] {
  return table.columns.filter(({ name, wireshark }) => wireshark.length > 0 && !withoutCounterpart?.has(name));
}

/** Compares every annotated column of the rows with the frames; `agreement` counts the values. */
export function compareRows(
  plan: ComparisonPlan,
  capture: string,
  rows: readonly RowObject[],
  frames: ReadonlyMap<number, TsharkFrame>,
  agreement: Agreement,
): Difference[] {
  const differences: Difference[] = [];
  const annotated = comparedColumns(plan);
  for (const original of rows) {
    const row = plan.asSeen(original);
    for (const column of annotated) {
      const number = plan.frameOf(column, row);
      if (number === undefined) continue;
      const read = number === null ? {} : frames.get(number);
      // That a row stands for a frame which tshark takes for another protocol's is told by `compareFrames`.
      if (read === undefined) continue;
      const frame = number === null ? read : (plan.asRow?.(read) ?? read);
      const report = (field: string, ours: string | null, tshark: string | null) => {
        const where = {
          capture,
          frame: Number(number ?? original["frame_number"]),
          field: `${column.name} = ${field}`,
        };
        if (ours !== null || tshark !== null) agreement.count(where.field, ours === tshark);
        if (ours !== tshark) differences.push({ ...where, ours: ours ?? NOTHING, tshark: tshark ?? NOTHING });
      };
      if (column.isList) compareList(plan, column, row, frame, report);
      else {
        // A packet inside an ICMP error has the same fields again, after those of the frame itself.
        const first = plan.occurrenceOf?.(column, row) ?? 0;
        const indexOf = (name: string) => first + outerOccurrences(name, row);
        const field =
          column.wireshark.find((name) => (frame[name]?.length ?? 0) > indexOf(name)) ?? column.wireshark[0]!;
        const text = frame[field]?.[indexOf(field)];
        report(field, ourValue(column, row[column.name]), text === undefined ? null : tsharkValue(column, field, text));
      }
    }
  }
  return differences;
}

const UDP_TUNNELS: readonly unknown[] = ["VXLAN", "GENEVE", "GTPU", "TEREDO", "L2TP", "LISP", "GUE", "AYIYA"];

/** How often tshark shows a field of the tunnels around a row's packet, before that of the packet itself. */
function outerOccurrences(field: string, row: RowObject): number {
  // Both lists are columns of every row.
  const addresses = row["tunnel_src_addresses"] as readonly string[];
  const kinds = row["tunnel_kinds"] as readonly string[];
  if (field.startsWith("ip."))
    return addresses.filter((address) => /^[\d.]+$/.test(address) && address !== "0.0.0.0").length;
  if (field.startsWith("ipv6.")) return addresses.filter((address) => address.includes(":")).length;
  return field.startsWith("udp.") ? kinds.filter((kind) => UDP_TUNNELS.includes(kind)).length : 0;
}

type Report = (field: string, ours: string | null, tshark: string | null) => void;

/** tshark's list may go on after ours, with the records of other sections. */
function compareList(plan: ComparisonPlan, column: Column, row: RowObject, frame: TsharkFrame, report: Report): void {
  for (const field of column.wireshark) {
    const items = plan.itemsOf?.(column, field, row) ?? (row[column.name] as readonly unknown[]);
    const index = plan.occurrenceOf?.(column, row) ?? 0;
    const texts = (frame[field] ?? []).slice(index, index + items.length);
    const ours = items.map((item) => ourValue(column, item)).join(" | ");
    const tshark = texts.map((text) => tsharkValue(column, field, text)).join(" | ");
    report(field, ours === "" ? null : ours, tshark === "" ? null : tshark);
  }
}

/** What tshark says of a message that came again, in a {@link Difference}. */
export const AGAIN = "1 message again";

/** Frames that tshark takes for the plugin's and that no row or more than one row stands for; `repeated` ones say what an earlier one did. */
export function compareFrames(
  plan: ComparisonPlan,
  capture: string,
  rows: readonly RowObject[],
  own: readonly number[],
  repeated: ReadonlySet<number>,
  agreement: Agreement,
): Difference[] {
  const counts = new Map<number, number>(own.map((frame) => [frame, 0]));
  for (const row of rows) {
    for (const frame of plan.framesOf(row)) counts.set(frame, (counts.get(frame) ?? 0) + 1);
  }
  const expected = new Set(own);
  return [...counts].flatMap(([frame, count]) => {
    const wanted = expected.has(frame) ? 1 : 0;
    agreement.count("row", count === wanted);
    if (count === wanted) return [];
    const tshark = wanted === 1 && repeated.has(frame) ? AGAIN : `${wanted} message`;
    return [{ capture, frame, field: "row", ours: `in ${count} rows`, tshark }];
  });
}
