import { type Kysely, sql } from "kysely";
import type { CollectedEvent } from "../../plugin/plugin.js";
import type { IngestWrite } from "../ingest-database.js";
import { feedSources } from "../row-feed.js";
import { writeBookkeeping } from "../sql/ingest-bookkeeping.js";
import type { StoreTables } from "../sql/store-tables.js";
import type { RowFunction } from "./row-function.js";

/** Stores batches, the sequences of their sessions, and agents in one transaction: all of it is durable afterwards, or none. */
export async function storeWrite(
  database: Kysely<StoreTables>,
  functions: ReadonlyMap<CollectedEvent, RowFunction>,
  write: IngestWrite,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    for (const [event, rowFunction] of functions) {
      const sources = feedSources(event, write.batches);
      if (sources.length === 0) continue;
      rowFunction.start(sources);
      try {
        await sql.raw(rowFunction.insertStatement).execute(transaction);
      } catch (error) {
        // What reading the rows failed with is more precise than DuckDB's error.
        rowFunction.finish();
        throw error;
      }
      rowFunction.finish();
    }
    await writeBookkeeping(transaction, write);
  });
}
