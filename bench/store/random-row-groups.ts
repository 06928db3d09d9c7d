import { collectedEvents } from "../../generated/collected-events.js";
import { randomEvents } from "../../generated/testing/random-events.js";
import { BatchWriter } from "../../runtime/protobuf/batch-writer.js";
import { Random } from "../../runtime/record/testing/random.js";
import type { RowGroup } from "../../runtime/store/ingest-store.js";

/** Row groups of seeded random records of one event. */
export function randomRowGroups(resource: string, rowGroupCount: number, rowCount: number): RowGroup[] {
  const event = collectedEvents.find(({ table }) => table.resource === resource);
  const source = randomEvents.find((candidate) => candidate.resource === resource);
  if (event === undefined || source === undefined) throw new Error(`there is no event ${resource}`);
  const random = new Random(1);
  const writer = new BatchWriter();
  const record = source.codec.createRecord();
  return Array.from({ length: rowGroupCount }, () => {
    for (let i = 0; i < rowCount; i++) {
      record.reset();
      source.fillRandom(random, record);
      source.codec.encode(record, writer);
    }
    return { event, count: rowCount, rows: writer.take() };
  });
}
