import { setImmediate } from "node:timers/promises";
import type { CollectedEvent } from "../plugin/plugin.js";
import type { ColumnBatch } from "../record/columns.js";
import { WireloomError } from "../wireloom-error.js";
import type { RowGroup, RowGroupRefusal } from "./ingest-store.js";

/** Reads row groups whole and returns those that cannot be read, with the reason. Yields to the event loop between row groups. */
export async function findMalformed(rowGroups: readonly RowGroup[]): Promise<ReadonlyMap<RowGroup, RowGroupRefusal>> {
  const malformed = new Map<RowGroup, RowGroupRefusal>();
  for (const rowGroup of rowGroups) {
    await setImmediate();
    const { event, rows } = rowGroup;
    try {
      const columns = columnsOf(event);
      for (let position = 0; position < rows.length; )
        position = event.codec.read(rows, position, rows.length, columns);
    } catch (error) {
      if (!(error instanceof WireloomError)) throw error;
      malformed.set(rowGroup, unreadableRowGroup(rowGroup, error));
    }
  }
  return malformed;
}

/** The refusal of a row group that cannot be read. */
export function unreadableRowGroup({ event, count }: RowGroup, cause: WireloomError): RowGroupRefusal {
  const { eventType } = event.table;
  return {
    eventType,
    rows: count,
    code: "malformed_row_group",
    message: `a row group of ${eventType} cannot be read: ${cause.message}`,
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
