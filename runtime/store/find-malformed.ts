import { setImmediate } from "node:timers/promises";
import type { CollectedEvent } from "../plugin/plugin.js";
import type { ColumnBatch } from "../wire/columns.js";
import { WireloomError } from "../wireloom-error.js";
import type { IngestBatch } from "./store.js";

/** Reads a whole batch and returns what is wrong with it; undefined where nothing is. Gives way between segments. */
export async function findMalformed(batch: IngestBatch): Promise<WireloomError | undefined> {
  for (const { event, rows } of batch.segments) {
    await setImmediate();
    try {
      const columns = columnsOf(event);
      for (let position = 0; position < rows.length; )
        position = event.codec.read(rows, position, rows.length, columns);
    } catch (error) {
      if (!(error instanceof WireloomError)) throw error;
      return unreadableSegment(batch, event, error);
    }
  }
  return undefined;
}

/** The error of a batch of which a segment cannot be read. */
export function unreadableSegment(batch: IngestBatch, event: CollectedEvent, cause: WireloomError): WireloomError {
  return new WireloomError(
    "malformed_segment",
    `batch ${batch.sequence}: a segment of ${event.table.eventType} cannot be read: ${cause.message}`,
    { cause },
  );
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
