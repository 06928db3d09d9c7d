import { sql, type Transaction } from "kysely";
import type { IngestWrite } from "../ingest-database.js";
import { BoundValue } from "./bound-value.js";
import type { StoreTables } from "./store-tables.js";

/** Rows of a statement on sessions or agents at most, so that its parameters stay few. */
const MAX_STATEMENT_ROWS = 200;

/**
 * Writes the sequences of the batches' sessions, forgets sessions, and writes agents, in the transaction that stores the batches' rows.
 *
 * Rows of sessions and agents are deleted and inserted again, never updated. While any transaction runs that is older than a committed update,
 * DuckDB does not write its log into the database: with readers whose transactions overlap, the log would grow without bound.
 */
export async function writeBookkeeping(transaction: Transaction<StoreTables>, write: IngestWrite): Promise<void> {
  await writeSessions(transaction, write);
  await forgetSessions(transaction, write.forgetSessions, write.openSessions);
  await writeAgents(transaction, write);
}

async function writeSessions(
  transaction: Transaction<StoreTables>,
  { batches, now }: Pick<IngestWrite, "batches" | "now">,
): Promise<void> {
  const latest = new Map(batches.map((batch) => [batch.sessionId, batch]));
  for (const some of pieces([...latest.values()])) {
    const rows = some.map(({ sessionId, agentId, batch }) => ({
      session_id: new BoundValue("uuid", sessionId),
      agent_id: agentId,
      committed_sequence: new BoundValue("u64", batch.sequence),
      last_seen: new BoundValue("time", now),
    }));
    const ids = rows.map(({ session_id }) => sql<string>`${session_id}`);
    await transaction.deleteFrom("wireloom_sessions").where("session_id", "in", ids).execute();
    await transaction.insertInto("wireloom_sessions").values(rows).execute();
  }
}

async function forgetSessions(
  transaction: Transaction<StoreTables>,
  count: number,
  openSessions: readonly string[],
): Promise<void> {
  if (count === 0) return;
  const open = openSessions.map((id) => sql`${new BoundValue("uuid", id)}`);
  await sql`
    DELETE FROM wireloom_sessions WHERE session_id IN (
      SELECT session_id FROM (
        SELECT session_id, last_seen, row_number() OVER (PARTITION BY agent_id ORDER BY last_seen DESC) AS place
        FROM wireloom_sessions
      ) AS placed WHERE session_id NOT IN (${open.length === 0 ? sql`NULL` : sql.join(open)}) IS DISTINCT FROM FALSE
      ORDER BY place DESC, last_seen LIMIT ${sql.lit(count)}
    )`.execute(transaction);
}

async function writeAgents(
  transaction: Transaction<StoreTables>,
  { agents, batches }: Pick<IngestWrite, "agents" | "batches">,
): Promise<void> {
  const rowCounts = new Map<string, number>();
  for (const { agentId, batch } of batches) {
    const rowCount = batch.rowGroups.reduce((sum, rowGroup) => sum + rowGroup.count, rowCounts.get(agentId) ?? 0);
    rowCounts.set(agentId, rowCount);
  }
  for (const some of pieces(agents)) {
    const ids = some.map(({ introduction }) => introduction.agentId);
    const stored = await transaction
      .selectFrom("wireloom_agents")
      .select(["id", "first_seen", "row_count", "counters"])
      .where("id", "in", ids)
      .execute();
    const before = new Map(stored.map((row) => [row.id, row]));
    const rows = some.map(({ introduction, firstSeen, lastSeen, counters, hasEnded }) => {
      const { agentId, hostname, version, labels } = introduction;
      const known = before.get(agentId);
      const rowCount = (known?.row_count ?? 0n) + BigInt(rowCounts.get(agentId) ?? 0);
      return {
        id: agentId,
        hostname,
        version,
        labels: JSON.stringify(labels),
        first_seen: new BoundValue("time", known?.first_seen ?? firstSeen),
        last_seen: new BoundValue("time", lastSeen),
        row_count: new BoundValue("u64", rowCount),
        counters: known !== undefined && counters.size === 0 ? known.counters : countersJson(counters),
        has_ended: hasEnded,
      };
    });
    await transaction.deleteFrom("wireloom_agents").where("id", "in", ids).execute();
    await transaction.insertInto("wireloom_agents").values(rows).execute();
  }
}

function* pieces<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += MAX_STATEMENT_ROWS)
    yield items.slice(start, start + MAX_STATEMENT_ROWS);
}

/** A JSON object of the counters, with all digits of each. */
function countersJson(counters: ReadonlyMap<string, bigint>): string {
  return `{${[...counters].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}
