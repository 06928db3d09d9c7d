import { type Kysely, sql, type Transaction } from "kysely";
import type { CollectedEvent } from "../../plugin/plugin.js";
import type { SessionBatch } from "../queued-session.js";
import { BoundValue } from "./bound-value.js";
import type { FeedSource } from "./row-feed.js";
import type { RowFunction } from "./row-function.js";
import type { StoreTables } from "./store-tables.js";

/** Stores batches and the sequences of their sessions in one transaction: all of it is durable afterwards, or none. */
export async function storeBatches(
  database: Kysely<StoreTables>,
  functions: ReadonlyMap<CollectedEvent, RowFunction>,
  batches: readonly SessionBatch[],
  now: bigint,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    for (const [event, rowFunction] of functions) {
      const sources = sourcesOf(event, batches);
      if (sources.length === 0) continue;
      rowFunction.start(sources);
      try {
        await sql.raw(rowFunction.insertStatement).execute(transaction);
      } catch (error) {
        // What reading the rows failed with tells more than DuckDB's account of it.
        rowFunction.finish();
        throw error;
      }
      rowFunction.finish();
    }
    await updateSessions(transaction, batches, now);
    await updateAgents(transaction, batches, now);
  });
}

/** Segments of one event, with those of one agent that follow each other together. */
function sourcesOf(event: CollectedEvent, batches: readonly SessionBatch[]): FeedSource[] {
  const sources: { agentId: string; segments: FeedSource["segments"][number][] }[] = [];
  for (const { agentId, batch } of batches) {
    const segments = batch.segments.filter((segment) => segment.event === event);
    if (segments.length === 0) continue;
    const last = sources.at(-1);
    if (last?.agentId === agentId) last.segments.push(...segments);
    else sources.push({ agentId, segments });
  }
  return sources;
}

async function updateSessions(
  transaction: Transaction<StoreTables>,
  batches: readonly SessionBatch[],
  now: bigint,
): Promise<void> {
  const latest = new Map(batches.map(({ sessionId, batch }) => [sessionId, batch.sequence]));
  for (const [sessionId, sequence] of latest) {
    await transaction
      .updateTable("wireloom_sessions")
      .set({ committed_sequence: new BoundValue("uint64", sequence), last_seen: new BoundValue("timestamp", now) })
      .where("session_id", "=", sql<string>`${new BoundValue("uuid", sessionId)}`)
      .execute();
  }
}

async function updateAgents(
  transaction: Transaction<StoreTables>,
  batches: readonly SessionBatch[],
  now: bigint,
): Promise<void> {
  const agents = new Map<string, { rowCount: number; counters: ReadonlyMap<string, bigint> }>();
  for (const { agentId, batch } of batches) {
    const rowCount = batch.segments.reduce((sum, segment) => sum + segment.count, agents.get(agentId)?.rowCount ?? 0);
    const counters = batch.counters.size > 0 ? batch.counters : (agents.get(agentId)?.counters ?? batch.counters);
    agents.set(agentId, { rowCount, counters });
  }
  for (const [id, { rowCount, counters }] of agents) {
    await transaction
      .updateTable("wireloom_agents")
      .set({
        last_seen: new BoundValue("timestamp", now),
        row_count: sql`row_count + ${new BoundValue("uint64", BigInt(rowCount))}`,
        ...(counters.size === 0 ? {} : { counters: countersJson(counters) }),
      })
      .where("id", "=", id)
      .execute();
  }
}

/** A JSON object of the counters, with all digits of each. */
function countersJson(counters: ReadonlyMap<string, bigint>): string {
  return `{${[...counters].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}
