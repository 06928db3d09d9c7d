import { type Kysely, type Selectable, sql } from "kysely";
import type { Agent } from "../agent-directory.js";
import type { StoredCounts, StoredSession } from "../ingest-database.js";
import { BoundValue } from "./bound-value.js";
import { parseJson, type StoreTables } from "./store-tables.js";

/** Agents that ever sent a batch or a report, in no order. */
export async function listAgents(database: Kysely<StoreTables>): Promise<Agent[]> {
  return (await database.selectFrom("wireloom_agents").selectAll().execute()).map(agentOf);
}

/** The agent of this name; undefined where none ever sent a batch or a report. */
export async function findAgent(database: Kysely<StoreTables>, id: string): Promise<Agent | undefined> {
  const row = await database.selectFrom("wireloom_agents").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : agentOf(row);
}

/** The session of this id, 32 hexadecimal digits; undefined where no batch of it was stored. */
export async function findSession(database: Kysely<StoreTables>, id: string): Promise<StoredSession | undefined> {
  const row = await database
    .selectFrom("wireloom_sessions")
    .select(["agent_id", "committed_sequence"])
    .where("session_id", "=", sql<string>`${new BoundValue("uuid", id)}`)
    .executeTakeFirst();
  return row === undefined ? undefined : { agentId: row.agent_id, committedSequence: row.committed_sequence };
}

/** How many agents and sessions are stored. */
export async function storedCounts(database: Kysely<StoreTables>): Promise<StoredCounts> {
  const agents = await database.selectFrom("wireloom_agents").select("id").execute();
  const sessions = await database
    .selectFrom("wireloom_sessions")
    .select((expression) => expression.fn.countAll<bigint>().as("count"))
    .executeTakeFirstOrThrow();
  return { agentIds: agents.map(({ id }) => id), sessions: Number(sessions.count) };
}

function agentOf(row: Selectable<StoreTables["wireloom_agents"]>): Agent {
  return {
    id: row.id,
    hostname: row.hostname,
    version: row.version,
    labels: parseTexts(row.labels),
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    state: row.has_ended === true ? "ended" : "gone",
    stateSince: row.last_seen,
    rowCount: row.row_count,
    counters: parseCounters(row.counters),
  };
}

/** The texts in a JSON object; other values, and other JSON, which only another program writes, are left out. */
function parseTexts(json: string): Record<string, string> {
  const value = parseJson(json);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** Counters may be beyond 2^53, where JSON.parse would round them. */
function parseCounters(json: string): Record<string, bigint> {
  const digits = parseTexts(json.replaceAll(/("(?:[^"\\]|\\.)*"):(\d+)/g, '$1:"$2"'));
  const counters = Object.entries(digits).filter(([, value]) => /^\d{1,20}$/.test(value) && BigInt(value) < 2n ** 64n);
  return Object.fromEntries(counters.map(([name, value]) => [name, BigInt(value)]));
}
