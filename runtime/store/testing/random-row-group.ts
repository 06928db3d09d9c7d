import { collectedEvents } from "../../../generated/collected-events.js";
import { randomEvents } from "../../../generated/testing/random-events.js";
import { BatchWriter } from "../../protobuf/batch-writer.js";
import { Random } from "../../record/testing/random.js";
import { rowFromColumns } from "../../schema/row-from-columns.js";
import type { Row } from "../../schema/value.js";
import type { RowGroup } from "../ingest-store.js";

/** Random rows of a plugin's event, the same for the same seed. */
export function randomRowGroup(resource: string, count: number, seed: number): RowGroup {
  const { codec, fillRandom } = randomEvents.find((event) => event.resource === resource)!;
  const random = new Random(seed);
  const writer = new BatchWriter();
  const record = codec.createRecord();
  for (let i = 0; i < count; i++) {
    record.reset();
    fillRandom(random, record);
    codec.encode(record, writer);
  }
  return { event: collectedEvents.find(({ table }) => table.resource === resource)!, count, rows: writer.take() };
}

/** The rows of a row group as the command line shows them, with the agent that the collector adds. */
export function rowsOf({ event, rows }: RowGroup, agentId: string): Row[] {
  const batch = event.codec.createColumns();
  const agentColumn = event.table.columns.findIndex((column) => column.name === "agent_id");
  const result: Row[] = [];
  for (let position = 0; position < rows.length; ) {
    position = event.codec.read(rows, position, rows.length, batch);
    for (let i = 0; i < batch.rowCount; i++) {
      result.push(rowFromColumns(event.table, batch, i).with(agentColumn, agentId));
    }
  }
  return result;
}
