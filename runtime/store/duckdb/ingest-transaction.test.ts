import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely } from "kysely";
import { expect, it } from "vitest";
import type { IngestWrite } from "../ingest-database.js";
import { findAgent, findSession, storedCounts } from "../sql/agent-directory.js";
import { migrate } from "../sql/migrate.js";
import type { StoreTables } from "../sql/store-tables.js";
import { ConnectionPool } from "./connection-pool.js";
import { DuckDbDialect } from "./duckdb-dialect.js";
import { duckdbSql } from "./duckdb-sql.js";
import { storeWrite } from "./ingest-transaction.js";
import { openDatabase } from "./open-database.js";

const id = (n: number) => n.toString(16).padStart(32, "0");

it("sessions of the agent with most of them are forgotten first, those used least lately, and none that is open", async () => {
  const database = await openDatabase(":memory:");
  const pool = new ConnectionPool(() => database.connect(), { connections: 2 });
  const tables = new Kysely<StoreTables>({ dialect: new DuckDbDialect(pool) });
  await migrate(tables, duckdbSql, "test", []);
  const write = (agentId: string, session: number, forget: Partial<IngestWrite> = {}) =>
    storeWrite(tables, new Map(), {
      batches: [{ sessionId: id(session), agentId, batch: { sequence: 7n, rowGroups: [], counters: new Map() } }],
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

it("what is stored can be checkpointed while an older transaction reads, and has the values of each moment", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wireloom-checkpoint-"));
  const path = join(folder, "rows.duckdb");
  const database = await openDatabase(path);
  const pool = new ConnectionPool(() => database.connect(), { connections: 3 });
  const tables = new Kysely<StoreTables>({ dialect: new DuckDbDialect(pool) });
  await migrate(tables, duckdbSql, "test", []);
  const introduction = {
    agentId: "probe",
    sessionId: Buffer.from(id(1), "hex"),
    hostname: "h",
    version: "1",
    labels: {},
  };
  const write = (sequence: bigint, counters: ReadonlyMap<string, bigint>) =>
    storeWrite(tables, new Map(), {
      batches: [{ sessionId: id(1), agentId: "probe", batch: { sequence, rowGroups: [rowGroup], counters } }],
      agents: [{ introduction, firstSeen: 1n, lastSeen: sequence * 1000n, counters, hasEnded: false }],
      forgetSessions: 0,
      openSessions: [],
      now: sequence * 1_000_000_000n,
    });
  // A row group of no event, which only counts.
  const rowGroup = { count: 10 } as IngestWrite["batches"][number]["batch"]["rowGroups"][number];
  await write(1n, new Map([["frames", 5n]]));
  const reader = await database.connect();
  await reader.run("BEGIN TRANSACTION");
  const seen = async () => (await reader.runAndReadAll("SELECT row_count FROM wireloom_agents")).getRows();
  expect(await seen()).toEqual([[10n]]);
  const checkpointer = await database.connect();
  for (let sequence = 2n; sequence <= 5n; sequence++) {
    await write(sequence, sequence === 4n ? new Map([["frames", 9n]]) : new Map());
    await checkpointer.run("CHECKPOINT");
    expect(statSync(`${path}.wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  }
  expect(await seen()).toEqual([[10n]]);
  await reader.run("COMMIT");
  expect(await findAgent(tables, "probe")).toMatchObject({
    firstSeen: 1n,
    lastSeen: 5000n,
    rowCount: 50n,
    counters: { frames: 9n },
  });
  expect(await findSession(tables, id(1))).toEqual({ agentId: "probe", committedSequence: 5n });
  for (const connection of [reader, checkpointer]) connection.closeSync();
  await pool.close();
  database.close();
  rmSync(folder, { recursive: true });
});
