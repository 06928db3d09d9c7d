import type { ColumnType } from "kysely";
import type { BoundValue } from "./bound-value.js";
import type { DatabaseSql } from "./database-sql.js";

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

/** The statements that make {@link StoreTables}, each of which does nothing where its table or column is there. */
export function storeTableDefinitions({ columnType }: Pick<DatabaseSql, "columnType">): readonly string[] {
  const text = columnType("text");
  const time = columnType("time");
  const count = columnType("u64");
  return [
    `CREATE TABLE IF NOT EXISTS wireloom_schema (resource ${text} PRIMARY KEY, version ${columnType("i32")} NOT NULL)`,
    `ALTER TABLE wireloom_schema ADD COLUMN IF NOT EXISTS columns ${text}`,
    `CREATE TABLE IF NOT EXISTS wireloom_sessions (
     session_id ${columnType("uuid")} PRIMARY KEY, agent_id ${text} NOT NULL, committed_sequence ${count} NOT NULL, last_seen ${time} NOT NULL)`,
    `CREATE TABLE IF NOT EXISTS wireloom_agents (
     id ${text} PRIMARY KEY, hostname ${text} NOT NULL, version ${text} NOT NULL, labels ${text} NOT NULL,
     first_seen ${time} NOT NULL, last_seen ${time} NOT NULL, row_count ${count} NOT NULL, counters ${text} NOT NULL)`,
    `ALTER TABLE wireloom_agents ADD COLUMN IF NOT EXISTS has_ended ${columnType("bool")}`,
  ];
}

/** The value of a JSON text in one of these tables; undefined for one that another program damaged. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
