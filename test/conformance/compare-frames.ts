import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import type { Agreement } from "./agreement.js";
import type { CaptureReadings } from "./capture-readings.js";
import type { ComparisonPlan } from "./comparison-plan.js";
import type { Difference } from "./difference.js";
import { repeatedFrames } from "./repeated-frames.js";

/** What tshark reports about a message that came again, in a {@link Difference}. */
export const AGAIN = "1 message again";

/** Finds the frames that tshark treats as the plugin's and that no row or more than one row represents, and the other way round. */
export function compareFrames(plan: ComparisonPlan, readings: CaptureReadings, agreement: Agreement): Difference[] {
  const { resource } = plan.table;
  const { frames } = readings.tshark;
  const rows = readings.ours.rows.get(resource) ?? [];
  const expected = new Set<number>();
  for (const [index, frame] of frames.entries()) {
    if (plan.isOf(frame) && (plan.isOwn?.(frame) ?? true)) expected.add(index + 1);
  }
  const standing = rowsByFrame(plan, rows, expected);
  const repeated = repeatedFrames(plan, rows, frames);
  const differences: Difference[] = [];
  for (const number of new Set([...expected, ...standing.keys()])) {
    const wanted = expected.has(number) ? 1 : 0;
    const own = standing.get(number) ?? [];
    agreement.count("row", own.length === wanted);
    if (own.length === wanted) continue;
    differences.push({
      capture: readings.capture,
      resource,
      frame: number,
      field: "row",
      ours: `in ${own.length} rows`,
      tshark: wanted === 1 && (repeated.has(number) || readings.copies.has(number - 1)) ? AGAIN : `${wanted} message`,
      evidence: { readings, row: own[0], frame: frames[number - 1] },
    });
  }
  return differences;
}

/** The rows that represent each frame, without those of a message that tshark does not show because it does not end. */
function rowsByFrame(
  plan: ComparisonPlan,
  rows: readonly RowObject[],
  expected: ReadonlySet<number>,
): Map<number, RowObject[]> {
  const standing = new Map<number, RowObject[]>();
  for (const row of rows) {
    for (const frame of plan.framesOf(row)) {
      if (!expected.has(frame) && plan.isUnfinished?.(row)) continue;
      standing.set(frame, [...(standing.get(frame) ?? []), row]);
    }
  }
  return standing;
}
