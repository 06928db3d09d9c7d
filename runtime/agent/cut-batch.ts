import type { Pipeline } from "../engine/pipeline.js";
import { IngestLimits } from "../ingest-limits.js";
import type { Plugin } from "../plugin/plugin.js";
import type { RowGroupInput } from "./batch-sink.js";

/**
 * Takes the rows of the next batch, cut between rows so that it stays within the limits of a batch; empty when no rows wait. Copies no
 * more than that. A row that exceeds the limits by itself is dropped and goes to `onTooLarge`.
 */
export function cutBatch(
  pipeline: Pipeline,
  plugins: readonly Plugin[],
  onTooLarge: (eventType: string) => void,
): RowGroupInput[] {
  const rowGroups: RowGroupInput[] = [];
  let bytesLeft: number = IngestLimits.batchBytes;
  let rowsLeft: number = IngestLimits.batchRows;
  for (const [index, { table }] of plugins.entries()) {
    while (pipeline.waitingRows(index) > 0) {
      const taken = pipeline.take(index, bytesLeft, rowsLeft);
      if (taken !== undefined) {
        rowGroups.push({ eventType: table.eventType, ...taken });
        bytesLeft -= taken.rows.length;
        rowsLeft -= taken.count;
      } else if (rowGroups.length === 0) {
        pipeline.dropRow(index);
        onTooLarge(table.eventType);
      } else return rowGroups;
    }
  }
  return rowGroups;
}
