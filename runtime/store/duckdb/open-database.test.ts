import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, describe, expect, it } from "vitest";
import { collectedEvents } from "../../../generated/collected-events.js";
import type { CollectedEvent } from "../../plugin/plugin.js";
import { openStore } from "../open-store.js";
import { definitionOf } from "../table-definitions.js";

const folder = mkdtempSync(join(tmpdir(), "wireloom-open-"));
const ntp = collectedEvents.find(({ table }) => table.resource === "ntp")!;

afterAll(() => rmSync(folder, { recursive: true }));

async function failureOf(location: string, events: readonly CollectedEvent[] = []): Promise<[string, string]> {
  const error = await openStore(location, events).then(
    async (store) => {
      await store.close();
      throw new Error("it opened");
    },
    (reason: { code: string; message: string }) => reason,
  );
  return [error.code, error.message];
}

/** NTP as a plugin without some of its columns has it. */
function ntpWithout(names: RegExp): CollectedEvent {
  const { table } = ntp;
  const { create, addColumn } = definitionOf(ntp, "duckdb");
  const columns = table.columns.filter(({ name }) => !names.test(name));
  const removed = table.columns.filter((column) => !columns.includes(column)).map(({ name }) => name);
  const without = removed.reduce((text, name) => text.replace(new RegExp(`, "${name}" [^,)]+`), ""), create);
  expect(without.split(",")).toHaveLength(create.split(",").length - removed.length);
  return {
    ...ntp,
    table: { ...table, version: columns.length, columns },
    definitions: { duckdb: { create: without, addColumn } },
  };
}

/** Path of a database with the table of NTP, in which a statement was then executed. */
async function changed(statement: string): Promise<string> {
  const path = `${folder}/${randomBytes(4).toString("hex")}.duckdb`;
  await (await openStore(`duckdb:${path}`, [ntp])).close();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("DROP VIEW ntp_readable");
  await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
  return path;
}

describe("opening a store", () => {
  it("says which process has it open", async () => {
    const path = `${folder}/locked.duckdb`;
    const library = pathToFileURL(`${process.cwd()}/node_modules/@duckdb/node-api/lib/index.js`).href;
    const script = `import duckdb from ${JSON.stringify(library)}; await duckdb.DuckDBInstance.create(${JSON.stringify(path)}); console.log("open"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const [code, message] = await failureOf(`duckdb:${path}`);
    child.kill();
    expect(code).toBe("store_locked");
    expect(message).toMatch(
      new RegExp(`locked\\.duckdb is open in process ${child.pid} \\(.*\\); stop it or give another path$`),
    );
  });

  it("refuses a file that this process has open", async () => {
    const store = await openStore(`duckdb:${folder}/twice.duckdb`, []);
    expect(await failureOf(`duckdb:${folder}/../${folder.split("/").at(-1)}/twice.duckdb`)).toMatchObject([
      "store_locked",
      /open in this process already/,
    ]);
    await store.close();
  });

  it("refuses a log that is not a file", async () => {
    mkdirSync(`${folder}/logged.duckdb.wal`);
    expect(await failureOf(`duckdb:${folder}/logged.duckdb`)).toEqual([
      "store_failed",
      `${folder}/logged.duckdb.wal is not a regular file, and the database's log has that name; move it, or give another path`,
    ]);
    expect(existsSync(`${folder}/logged.duckdb`)).toBe(false);
  });

  it("says what a path is that cannot be a store", async () => {
    writeFileSync(`${folder}/text`, "not a database ".repeat(1000));
    writeFileSync(`${folder}/empty`, "");
    expect(await failureOf(`duckdb:${folder}`)).toEqual([
      "store_failed",
      `${folder} is a directory; give the path of a file in it, such as ${folder}/wireloom.duckdb`,
    ]);
    expect(await failureOf(`duckdb:${folder}/text`)).toEqual([
      "store_failed",
      `${folder}/text is not a DuckDB database; give another path`,
    ]);
    expect(await failureOf(`duckdb:${folder}/empty`)).toEqual([
      "store_failed",
      `${folder}/empty is an empty file, not a DuckDB database; remove it or give another path`,
    ]);
    expect(await failureOf(`duckdb:${folder}/no/such.duckdb`)).toEqual([
      "store_failed",
      `there is no directory ${folder}/no; make it or give another path`,
    ]);
    expect((await failureOf("duckdb:/proc/wireloom.duckdb"))[0]).toBe("store_failed");
    expect(await failureOf("duckdb:/dev/null")).toEqual([
      "store_failed",
      "/dev/null is not a regular file; give the path of one",
    ]);
    expect((await failureOf("sqlite:x"))[0]).toBe("usage");
    expect(await failureOf("duckdb::memory")).toEqual([
      "usage",
      '"duckdb::memory" is not a store; give duckdb: and the path of a file, such as duckdb:x.duckdb, or write duckdb::memory: to keep rows in memory',
    ]);
    expect((await failureOf("duckdb::rows"))[1]).toMatch(/such as duckdb:\.\/:rows$/);
  });

  it.skipIf(process.platform === "win32")("does not wait for the other end of a pipe", async () => {
    expect(spawnSync("mkfifo", [`${folder}/pipe`]).status).toBe(0);
    expect(await failureOf(`duckdb:${folder}/pipe`)).toEqual([
      "store_failed",
      `${folder}/pipe is not a regular file; give the path of one`,
    ]);
  });

  it("takes a path for a path, whatever kind of database DuckDB would see in it", async () => {
    const here = process.cwd();
    process.chdir(folder);
    try {
      for (const name of ["md:lab", "postgres:lab", "sqlite:lab", "http:lab", "it's"]) {
        await (await openStore(`duckdb:${name}`, [])).close();
        expect(existsSync(`${folder}/${name}`)).toBe(true);
      }
    } finally {
      process.chdir(here);
    }
  });

  it.each<[string, (create: string) => string, string]>([
    [
      "another type",
      (sql) => sql.replace('"stratum" UINTEGER', '"stratum" VARCHAR'),
      "its column stratum is VARCHAR, not UINTEGER;",
    ],
    [
      "a column that must have a value",
      (sql) => sql.replace(/\)$/, ', "former" INTEGER NOT NULL)'),
      "its column former is NOT NULL, but no plugin has this field;",
    ],
    [
      "a value where there may be none",
      (sql) => sql.replace('"reference_time" TIMESTAMP_NS', "$& NOT NULL"),
      "its column reference_time is NOT NULL, but the field is optional;",
    ],
  ])("refuses a table with %s", async (_, change, message) => {
    const path = `${folder}/${randomBytes(4).toString("hex")}.duckdb`;
    const { table } = ntp;
    const present = definitionOf(ntp, "duckdb").create;
    const create = change(present);
    expect(create).not.toBe(present);
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(create);
    await connection.run("CREATE TABLE wireloom_schema (resource VARCHAR PRIMARY KEY, version INTEGER NOT NULL)");
    await connection.run(`INSERT INTO wireloom_schema VALUES ('ntp', ${table.version})`);
    connection.closeSync();
    instance.closeSync();
    const [code, text] = await failureOf(`duckdb:${path}`, [ntp]);
    expect(code).toBe("store_failed");
    expect(text).toContain(`${path} does not fit the plugin ntp: ${message}`);
  });

  it("refuses a table of another program that has an event's name", async () => {
    const path = `${folder}/foreign.duckdb`;
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("CREATE TABLE ntp (id INTEGER)");
    connection.closeSync();
    instance.closeSync();
    const [code, text] = await failureOf(`duckdb:${path}`, [ntp]);
    expect([code, text]).toEqual(["store_failed", expect.stringMatching(/does not fit the plugin ntp: its column /)]);
  });

  it.each([
    ["ALTER TABLE ntp DROP COLUMN id", "does not fit the plugin ntp: its column id is missing; give another store"],
    ["ALTER TABLE ntp DROP COLUMN time", "does not fit the plugin ntp: its column time is missing; give another store"],
    [
      "ALTER TABLE wireloom_agents DROP COLUMN labels",
      "the column labels of its table wireloom_agents is missing; update wireloom, restore the database from a copy, or give another store",
    ],
    [
      "ALTER TABLE wireloom_sessions ALTER COLUMN agent_id TYPE INTEGER",
      "the column agent_id of its table wireloom_sessions is INTEGER, not VARCHAR; update wireloom, restore",
    ],
    [
      "ALTER TABLE wireloom_schema DROP COLUMN version",
      'cannot be opened by this version of wireloom: Table "wireloom_schema" does not have a column with name "version"; restore it',
    ],
    [
      "CREATE TABLE ntp_readable (id INTEGER)",
      /cannot be opened by this version of wireloom: .*ntp_readable.*; restore it from/,
    ],
  ])("refuses a database that was changed by hand: %s", async (statement, message) => {
    const path = await changed(statement);
    const [code, text] = await failureOf(`duckdb:${path}`, [ntp]);
    expect(code).toBe("store_failed");
    expect(text.startsWith(`${path} `)).toBe(true);
    expect(text).toMatch(message);
  });

  it.each([
    "ALTER TABLE ntp DROP COLUMN stratum",
    "UPDATE wireloom_schema SET columns = '{'",
    "UPDATE wireloom_schema SET columns = '{}'",
    "ALTER TABLE wireloom_schema DROP COLUMN columns",
    "DELETE FROM wireloom_schema",
    "DROP TABLE ntp",
    "DROP TABLE wireloom_agents",
  ])("mends a database that was changed by hand: %s", async (statement) => {
    const { table } = ntp;
    const store = await openStore(`duckdb:${await changed(statement)}`, [ntp]);
    expect(await store.selectRows({ table, columns: table.columns, filters: [], orderBy: [] })).toEqual([]);
    expect(await store.listAgents()).toEqual([]);
    await store.close();
  });

  it("lists an agent whose labels and counters were changed by hand", async () => {
    const values =
      '\'a\', \'h\', \'v\', \'{"site":1,"rack":"b"}\', now(), now(), 1, \'{"x":18446744073709551615,"y":"z"}\', false';
    const damaged = [
      ["b", "labels", "[]"],
      ["c", '"abc"', '["7"]'],
      ["d", '["u"]', '{"x":18446744073709551616}'],
      ["e", "null", "7"],
    ].map(([id, labels, counters]) => `('${id}', 'h', 'v', '${labels}', now(), now(), 1, '${counters}', false)`);
    const store = await openStore(
      `duckdb:${await changed(`INSERT INTO wireloom_agents VALUES (${values}), ${damaged.join(", ")}`)}`,
      [ntp],
    );
    const agents = (await store.listAgents()).map(({ id, labels, counters }) => ({ id, labels, counters }));
    expect(agents).toEqual([
      { id: "a", labels: { rack: "b" }, counters: { x: 2n ** 64n - 1n } },
      ...["b", "c", "d", "e"].map((id) => ({ id, labels: {}, counters: {} })),
    ]);
    await store.close();
  });

  it("says that a file is not complete", async () => {
    const path = await changed("SELECT 1");
    const { size } = statSync(path);
    for (const length of [size - 1, Math.floor(size / 2), 12_288, 4096, 100]) {
      truncateSync(path, length);
      expect(await failureOf(`duckdb:${path}`, [ntp])).toEqual([
        "store_failed",
        expect.stringMatching(/ is damaged or incomplete: .*; restore it from a copy, or give another path$/),
      ]);
    }
  });

  it("brings a database of a wireloom that noted versions to the present columns", async () => {
    const path = `${folder}/noted-version.duckdb`;
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(definitionOf(ntpWithout(/^tunnel_/), "duckdb").create);
    await connection.run("CREATE TABLE wireloom_schema (resource VARCHAR PRIMARY KEY, version INTEGER NOT NULL)");
    await connection.run("INSERT INTO wireloom_schema VALUES ('ntp', 1)");
    connection.closeSync();
    instance.closeSync();
    const { table } = ntp;
    const store = await openStore(`duckdb:${path}`, [ntp]);
    expect(await store.selectRows({ table, columns: table.columns, filters: [], orderBy: [] })).toEqual([]);
    await store.close();
  });
});
