import { Kysely } from "kysely";
import { expect, it } from "vitest";
import type { IngestWrite } from "../ingest-backend.js";
import { findSession, storedCounts } from "./agent-directory.js";
import { ConnectionPool } from "./connection-pool.js";
import { DuckDbDialect } from "./duckdb-dialect.js";
import { storeWrite } from "./ingest-transaction.js";
import { migrate } from "./migrate.js";
import { openDatabase } from "./open-database.js";
import type { StoreTables } from "./store-tables.js";

const id = (n: number) => n.toString(16).padStart(32, "0");

it("sessions of the agent with most of them are forgotten first, those used least lately, and none that is open", async () => {
  const database = await openDatabase(":memory:");
  const pool = new ConnectionPool(() => database.connect(), { connections: 2 });
  const tables = new Kysely<StoreTables>({ dialect: new DuckDbDialect(pool) });
  await migrate(tables, "test", []);
  const write = (agentId: string, session: number, forget: Partial<IngestWrite> = {}) =>
    storeWrite(tables, new Map(), {
      batches: [{ sessionId: id(session), agentId, batch: { sequence: 7n, segments: [], counters: new Map() } }],
      agents: [],
      forgetSessions: 0,
      openSessions: [],
      now: BigInt(session) * 1_000_000_000n,
      ...forget,
    });
  // A quiet agent has the oldest session of all.
  await write("quiet", 1);
  for (let i = 10; i < 30; i++) await write("busy", i);
  await write("busy", 30, { forgetSessions: 5, openSessions: [id(11), id(30)] });
  const left = [];
  for (let i = 1; i <= 30; i++) if ((await findSession(tables, id(i))) !== undefined) left.push(i);
  expect(left).toEqual([1, 11, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
  expect(await storedCounts(tables)).toEqual({ agentIds: [], sessions: 17 });
  expect(await findSession(tables, id(11))).toEqual({ agentId: "busy", committedSequence: 7n });
  await pool.close();
  database.close();
});
