import { realpath, rm, stat, statfs } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { WireloomError } from "../../wireloom-error.js";
import type { StoreOptions } from "../store-backend.js";
import { MEMORY } from "./duckdb-location.js";
import { firstLine, isDamage, isDiskFull } from "./store-error.js";

/**
 * Rows that DuckDB keeps and compresses together. A transaction that fills a row group writes it in its final form, past the log; with
 * DuckDB's default of 122 880 rows a sender would need 30 MiB of unacknowledged DNS rows. Processor time per row is the same with
 * this size.
 */
export const ROW_GROUP_ROWS = 49_152;

/**
 * Size of the log, in MiB, at which DuckDB checkpoints it into the database file. Commits wait for a checkpoint. The log is replayed at the
 * next start, which must take no more than about a second, also after a kill.
 */
export const CHECKPOINT_MIB = 16;

/** Memory of the database unless the options have another bound. */
const DEFAULT_MEMORY_BYTES = 1_000_000_000;
/** Upper estimate: bytes that the log and then the database take for a byte of encoded rows. */
const MAX_STORED_BYTES_PER_ROW_BYTE = 4;
/** Free bytes required in addition: room for the checkpoint of a full log. */
const RESERVE_BYTES = 2 * (CHECKPOINT_MIB << 20);
/** Upper estimate of what a merge of row groups writes. */
const MAX_MERGE_BYTES = 1 << 30;
/** The required space is reported in multiples of this, so that the report does not differ for each batch. */
const REPORTED_MIB = 16;

/** A DuckDB database that this process has open. */
export interface OpenDatabase {
  /** A connection to the database, which its owner closes. */
  connect(): Promise<DuckDBConnection>;
  /** Rejects with `store_failed` when the file is no longer there: what is committed then would be lost. */
  checkFile(): Promise<void>;
  /**
   * Rejects with `store_full` when the disk has too little room for a transaction of this many bytes of encoded rows and for its checkpoint.
   * After a checkpoint that failed for lack of space the database must be opened again, even once there is room.
   */
  checkRoom(byteCount: number): Promise<void>;
  /** Whether the disk has room for a merge of row groups: for all of a small database. */
  hasRoomToMerge(): Promise<boolean>;
  close(): void;
}

/** Files that this process has open: DuckDB's lock does not keep a process from opening one twice. */
const openPaths = new Set<string>();

/**
 * Opens a DuckDB file, which is made where there is none, or a database in memory for `:memory:`. Throws a
 * {@link WireloomError} `store_locked` when another one has it open, `store_failed` when the file cannot be one.
 */
export async function openDatabase(path: string, options: StoreOptions = {}): Promise<OpenDatabase> {
  const key = path === MEMORY ? undefined : await canonicalPath(path);
  if (key !== undefined) {
    if (openPaths.has(key))
      throw new WireloomError("store_locked", `${path} is open in this process already; close it first`);
    openPaths.add(key);
  }
  const isNew = key !== undefined && (await stat(key).catch(() => undefined)) === undefined;
  try {
    // Of a path that is not absolute, DuckDB takes what precedes a colon for a kind of database, such as `md:` or `http:`.
    const instance = await attach(key ?? MEMORY, options);
    const opened = key === undefined ? undefined : await stat(key);
    return {
      async connect() {
        const connection = await instance.connect();
        await connection.run(`USE ${NAME}`);
        return connection;
      },
      async checkFile() {
        if (key === undefined || opened === undefined) return;
        const found = await stat(key).catch(() => undefined);
        if (found?.ino === opened.ino && found.dev === opened.dev) return;
        throw new WireloomError(
          "store_failed",
          `${path} was ${found === undefined ? "removed" : "replaced"} while it was open; stop the collector and start it again`,
        );
      },
      async checkRoom(byteCount) {
        if (key === undefined) return;
        const needed = RESERVE_BYTES + byteCount * MAX_STORED_BYTES_PER_ROW_BYTE;
        if ((await freeBytes(key)) >= needed) return;
        const reported = Math.ceil(needed / (REPORTED_MIB << 20)) * REPORTED_MIB;
        throw new WireloomError(
          "store_full",
          `the collector's disk has less than the ${reported} MiB free that storing these rows safely takes; make room there`,
        );
      },
      async hasRoomToMerge() {
        if (key === undefined) return true;
        const { size } = await stat(key);
        return (await freeBytes(key)) >= RESERVE_BYTES + Math.min(size, MAX_MERGE_BYTES);
      },
      close() {
        instance.closeSync();
        if (key !== undefined) openPaths.delete(key);
      },
    };
  } catch (error) {
    if (key !== undefined) openPaths.delete(key);
    // A full disk leaves an empty file, which would not be recognized as a database once there is room.
    if (isNew) await removeEmpty(key);
    throw openError(path, error);
  }
}

async function removeEmpty(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.size === 0) await rm(path).catch(() => undefined);
}

/** Bytes that a file's disk has free, for users that are not root; without a bound where the file system does not say. */
async function freeBytes(path: string): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(path);
  return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
}

/** What the database is called in statements. */
const NAME = "wireloom";

/** An instance with the database attached, because only ATTACH sets the size of row groups. */
async function attach(path: string, options: StoreOptions): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(":memory:", configuration(options));
  try {
    const connection = await instance.connect();
    // A path cannot be a parameter here; within quotes, only a quote has a meaning.
    await connection.run(`ATTACH '${path.replaceAll("'", "''")}' AS ${NAME} (ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`);
    connection.closeSync();
    return instance;
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

function configuration(options: StoreOptions): Record<string, string> {
  return {
    memory_limit: `${options.memoryLimitBytes ?? DEFAULT_MEMORY_BYTES}B`,
    checkpoint_threshold: `${CHECKPOINT_MIB}MiB`,
    // `RowGroupMerge` enables merging for single checkpoints.
    max_vacuum_tasks: "0",
    // What a query that sorts may put on the disk.
    max_temp_directory_size: "2GB",
    // One processor is left to the event loop, which passes the rows to the database: a thread that waits for them spins.
    threads: String(options.threads ?? Math.max(1, availableParallelism() - 1)),
  };
}

/** The path without links and relative parts. Throws where no database can be, which DuckDB's messages do not report. */
async function canonicalPath(path: string): Promise<string> {
  const absolute = resolve(path);
  const facts = await stat(absolute).catch(() => undefined);
  if (facts?.isDirectory()) {
    throw new WireloomError(
      "store_failed",
      `${path} is a directory; give the path of a file in it, such as ${path.replace(/\/$/, "")}/wireloom.duckdb`,
    );
  }
  if (facts !== undefined && !facts.isFile())
    throw new WireloomError("store_failed", `${path} is not a regular file; give the path of one`);
  if (facts?.size === 0) {
    throw new WireloomError(
      "store_failed",
      `${path} is an empty file, not a DuckDB database; remove it or give another path`,
    );
  }
  const folder = await realpath(dirname(absolute)).catch((cause: unknown) => {
    throw new WireloomError("store_failed", `there is no directory ${dirname(path)}; make it or give another path`, {
      cause,
    });
  });
  const canonical =
    (await realpath(absolute).catch(() => undefined)) ?? `${folder}/${absolute.slice(absolute.lastIndexOf("/") + 1)}`;
  await refuseForeignLog(`${canonical}.wal`);
  return canonical;
}

/** Throws where the database's log cannot be, which DuckDB's messages do not report. */
async function refuseForeignLog(path: string): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined || facts.isFile()) return;
  throw new WireloomError(
    "store_failed",
    `${path} is not a regular file, and the database's log has that name; move it, or give another path`,
  );
}

/**
 * Converts an error from opening or migrating a database to `store_locked`, `store_full`, `store_newer` or `store_failed`, each with a way out.
 */
export function openError(path: string, cause: unknown): WireloomError {
  if (cause instanceof WireloomError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/could not set lock|conflicting lock/i.test(text)) {
    const holder = /held in (.+?) \(PID (\d+)\)/.exec(text);
    const who = holder === null ? "another process" : `process ${holder[2]} (${holder[1]})`;
    return new WireloomError("store_locked", `${path} is open in ${who}; stop it or give another path`, { cause });
  }
  if (isDiskFull(text))
    return new WireloomError("store_full", `${path} cannot be opened: its disk is full; make room there`, { cause });
  if (/permission denied|read-only file system|not permitted/i.test(text)) {
    return new WireloomError("store_failed", `${path} cannot be written; give a path that this user may write to`, {
      cause,
    });
  }
  if (/not a valid DuckDB database/i.test(text)) {
    return new WireloomError("store_failed", `${path} is not a DuckDB database; give another path`, { cause });
  }
  if (/newer version|storage version|version number/i.test(text)) {
    return new WireloomError(
      "store_newer",
      `${path} was written by another version of DuckDB; update wireloom or give another path`,
      { cause },
    );
  }
  if (/out of memory/i.test(text)) {
    return new WireloomError(
      "store_failed",
      `${path} cannot be opened: ${firstLine(text)}; give the store more memory`,
      {
        cause,
      },
    );
  }
  const fault = isDamage(text) ? "is damaged or incomplete" : "cannot be opened by this version of wireloom";
  return new WireloomError(
    "store_failed",
    `${path} ${fault}: ${firstLine(text)}; restore it from a copy, or give another path`,
    { cause },
  );
}
