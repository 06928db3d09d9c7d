import { IngestLimits } from "../ingest-limits.js";
import { WireloomError } from "../wireloom-error.js";
import { countRows } from "./count-rows.js";
import { unreadableRowGroup } from "./find-malformed.js";
import type { RowGroup, RowGroupRefusal } from "./ingest-store.js";

/** Row groups of a batch by whether they may be stored. */
export interface CheckedRowGroups {
  readonly rowGroups: readonly RowGroup[];
  readonly refused: readonly RowGroupRefusal[];
  /** Rows of `rowGroups`. */
  readonly rowCount: number;
}

/** Separates the row groups whose count is right, and that stay within the rows of a batch, from the others. Does not look into rows. */
export function checkRowGroups(rowGroups: readonly RowGroup[]): CheckedRowGroups {
  const accepted: RowGroup[] = [];
  const refused: RowGroupRefusal[] = [];
  let rowCount = 0;
  for (const rowGroup of rowGroups) {
    const refusal = refusalOf(rowGroup, IngestLimits.batchRows - rowCount);
    if (refusal !== undefined) refused.push(refusal);
    else if (rowGroup.count > 0) {
      accepted.push(rowGroup);
      rowCount += rowGroup.count;
    }
  }
  return { rowGroups: accepted, refused, rowCount };
}

function refusalOf(rowGroup: RowGroup, maxRows: number): RowGroupRefusal | undefined {
  const { event, count, rows } = rowGroup;
  const { eventType } = event.table;
  if (count > maxRows) {
    return {
      eventType,
      rows: count,
      code: "too_many_rows",
      message: `a row group of ${eventType} has ${count} rows; a batch has at most ${IngestLimits.batchRows}, all row groups together`,
    };
  }
  try {
    const found = countRows(rows, count);
    if (found === count) return undefined;
    const held = found > count ? "more" : `${found}`;
    const message = `a row group of ${eventType} declares ${count} rows but contains ${held}`;
    return { eventType, rows: count, code: "malformed_row_group", message };
  } catch (error) {
    if (!(error instanceof WireloomError)) throw error;
    return unreadableRowGroup(rowGroup, error);
  }
}
