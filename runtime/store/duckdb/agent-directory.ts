import { type Kysely, sql } from "kysely";
import type { Agent, SessionIntroduction } from "../store.js";
import { BoundValue } from "./bound-value.js";
import type { StoreTables } from "./store-tables.js";

/** Agents that ever opened a session, in the order of their names. */
export async function listAgents(database: Kysely<StoreTables>): Promise<Agent[]> {
  return (await database.selectFrom("wireloom_agents").selectAll().orderBy("id").execute()).map(agentOf);
}

/** The agent of this name; undefined where none ever opened a session. */
export async function findAgent(database: Kysely<StoreTables>, id: string): Promise<Agent | undefined> {
  const row = await database.selectFrom("wireloom_agents").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : agentOf(row);
}

/** Notes an agent and its session, new or known, in one transaction; returns the session's committed sequence. */
export async function recordSession(
  database: Kysely<StoreTables>,
  sessionId: string,
  introduction: SessionIntroduction,
  now: bigint,
): Promise<bigint> {
  const time = new BoundValue("timestamp", now);
  const zero = new BoundValue("uint64", 0n);
  const facts = {
    hostname: introduction.hostname,
    version: introduction.version,
    labels: JSON.stringify(introduction.labels),
    last_seen: time,
  };
  return database.transaction().execute(async (transaction) => {
    await transaction
      .insertInto("wireloom_agents")
      .values({ id: introduction.agentId, ...facts, first_seen: time, row_count: zero, counters: "{}" })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(facts))
      .execute();
    const known = await transaction
      .selectFrom("wireloom_sessions")
      .select("committed_sequence")
      .where("session_id", "=", sql<string>`${new BoundValue("uuid", sessionId)}`)
      .executeTakeFirst();
    if (known !== undefined) return known.committed_sequence;
    await transaction
      .insertInto("wireloom_sessions")
      .values({
        session_id: new BoundValue("uuid", sessionId),
        agent_id: introduction.agentId,
        committed_sequence: zero,
        last_seen: time,
      })
      .execute();
    return 0n;
  });
}

function agentOf(row: {
  id: string;
  hostname: string;
  version: string;
  labels: string;
  first_seen: bigint;
  last_seen: bigint;
  row_count: bigint;
  counters: string;
}): Agent {
  return {
    id: row.id,
    hostname: row.hostname,
    version: row.version,
    // Both texts are written by this store.
    labels: JSON.parse(row.labels) as Record<string, string>,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    rowCount: row.row_count,
    counters: parseCounters(row.counters),
  };
}

/** Counters may be beyond 2^53, where JSON.parse would round them. */
function parseCounters(json: string): Record<string, bigint> {
  const quoted = json.replaceAll(/("(?:[^"\\]|\\.)*"):(\d+)/g, '$1:"$2"');
  return Object.fromEntries(
    Object.entries(JSON.parse(quoted) as Record<string, string>).map(([name, digits]) => [name, BigInt(digits)]),
  );
}
