import type { ColumnType } from "kysely";
import type { BoundValue } from "./bound-value.js";

/** Tables of the store itself, beside one for each event. */
export interface StoreTables {
  /** Each event's table that wireloom made. */
  wireloom_schema: {
    resource: string;
    /** Number of its columns; earlier versions of wireloom compare it with their own. */
    version: Stored<number>;
    /** JSON array of the columns that wireloom made; null where an earlier version was the last to open the database. */
    columns: string | null;
  };
  wireloom_sessions: {
    session_id: Stored<string>;
    agent_id: string;
    committed_sequence: Stored<bigint>;
    last_seen: Stored<bigint>;
  };
  wireloom_agents: {
    id: string;
    hostname: string;
    version: string;
    /** JSON object. */
    labels: string;
    first_seen: Stored<bigint>;
    last_seen: Stored<bigint>;
    row_count: Stored<bigint>;
    /** JSON object. */
    counters: string;
    /** The agent ended its last session itself; null of agents that an earlier version stored. */
    has_ended: boolean | null;
  };
}

/** Read as a canonical value, written with its type. */
type Stored<Value> = ColumnType<Value, BoundValue, BoundValue>;

/** Definitions of {@link StoreTables}. */
export const STORE_TABLE_DEFINITIONS = [
  `CREATE TABLE IF NOT EXISTS wireloom_schema (resource VARCHAR PRIMARY KEY, version INTEGER NOT NULL)`,
  `ALTER TABLE wireloom_schema ADD COLUMN IF NOT EXISTS columns VARCHAR`,
  `CREATE TABLE IF NOT EXISTS wireloom_sessions (
     session_id UUID PRIMARY KEY, agent_id VARCHAR NOT NULL, committed_sequence UBIGINT NOT NULL, last_seen TIMESTAMP_NS NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS wireloom_agents (
     id VARCHAR PRIMARY KEY, hostname VARCHAR NOT NULL, version VARCHAR NOT NULL, labels VARCHAR NOT NULL,
     first_seen TIMESTAMP_NS NOT NULL, last_seen TIMESTAMP_NS NOT NULL, row_count UBIGINT NOT NULL, counters VARCHAR NOT NULL)`,
  `ALTER TABLE wireloom_agents ADD COLUMN IF NOT EXISTS has_ended BOOLEAN`,
] as const;
