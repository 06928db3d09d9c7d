import { setImmediate } from "node:timers/promises";
import type { CollectedEvent } from "../plugin/plugin.js";
import type { ColumnBatch } from "../record/columns.js";
import { WireloomError } from "../wireloom-error.js";
import type { IngestSegment, SegmentRefusal } from "./ingest-store.js";

/** Reads segments whole and returns those that cannot be read, with the reason. Gives way between segments. */
export async function findMalformed(
  segments: readonly IngestSegment[],
): Promise<ReadonlyMap<IngestSegment, SegmentRefusal>> {
  const malformed = new Map<IngestSegment, SegmentRefusal>();
  for (const segment of segments) {
    await setImmediate();
    const { event, rows } = segment;
    try {
      const columns = columnsOf(event);
      for (let position = 0; position < rows.length; )
        position = event.codec.read(rows, position, rows.length, columns);
    } catch (error) {
      if (!(error instanceof WireloomError)) throw error;
      malformed.set(segment, unreadableSegment(segment, error));
    }
  }
  return malformed;
}

/** The refusal of a segment that cannot be read. */
export function unreadableSegment({ event, count }: IngestSegment, cause: WireloomError): SegmentRefusal {
  const { eventType } = event.table;
  return {
    eventType,
    rows: count,
    code: "malformed_segment",
    message: `a segment of ${eventType} cannot be read: ${cause.message}`,
  };
}

const columnsByEvent = new WeakMap<CollectedEvent, ColumnBatch>();

function columnsOf(event: CollectedEvent): ColumnBatch {
  let columns = columnsByEvent.get(event);
  if (columns === undefined) {
    columns = event.codec.createColumns();
    columnsByEvent.set(event, columns);
  }
  return columns;
}
