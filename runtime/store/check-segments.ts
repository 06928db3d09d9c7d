import { IngestLimits } from "../ingest-limits.js";
import { WireloomError } from "../wireloom-error.js";
import { countRows } from "./count-rows.js";
import { unreadableSegment } from "./find-malformed.js";
import type { IngestSegment, SegmentRefusal } from "./ingest-store.js";

/** Segments of a batch by whether they may be stored. */
export interface CheckedSegments {
  readonly segments: readonly IngestSegment[];
  readonly refused: readonly SegmentRefusal[];
  /** Rows of `segments`. */
  readonly rowCount: number;
}

/** Separates the segments whose count is right, and that stay within the rows of a batch, from the others. Does not look into rows. */
export function checkSegments(segments: readonly IngestSegment[]): CheckedSegments {
  const accepted: IngestSegment[] = [];
  const refused: SegmentRefusal[] = [];
  let rowCount = 0;
  for (const segment of segments) {
    const refusal = refusalOf(segment, IngestLimits.batchRows - rowCount);
    if (refusal !== undefined) refused.push(refusal);
    else if (segment.count > 0) {
      accepted.push(segment);
      rowCount += segment.count;
    }
  }
  return { segments: accepted, refused, rowCount };
}

function refusalOf(segment: IngestSegment, maxRows: number): SegmentRefusal | undefined {
  const { event, count, rows } = segment;
  const { eventType } = event.table;
  if (count > maxRows) {
    return {
      eventType,
      rows: count,
      code: "too_many_rows",
      message: `a segment of ${eventType} has ${count} rows; a batch has at most ${IngestLimits.batchRows}, all segments together`,
    };
  }
  try {
    const found = countRows(rows, count);
    if (found === count) return undefined;
    const held = found > count ? "more" : `${found}`;
    const message = `a segment of ${eventType} declares ${count} rows but contains ${held}`;
    return { eventType, rows: count, code: "malformed_segment", message };
  } catch (error) {
    if (!(error instanceof WireloomError)) throw error;
    return unreadableSegment(segment, error);
  }
}
