import type { CollectedEvent } from "../plugin/plugin.js";
import type { Store } from "./store.js";

/** Bounds on the memory and threads of a database; each backend sets them in its database's own settings. */
export interface StoreOptions {
  /** Bytes of memory that queries may take; larger sorts go to disk. The backend's own default where absent. */
  readonly memoryLimitBytes?: number;
  /** Threads of queries. The backend's own default where absent. */
  readonly threads?: number;
}

/**
 * A kind of database that rows can be kept in. Each is a folder beside this file and a line in `backends.ts`:
 *
 * ```ts
 * export const postgresql: StoreBackend = {
 *   scheme: "postgresql",
 *   suggestLocation: () => "postgresql://localhost/wireloom",
 *   checkLocation: (location) => void parseLocation(location),
 *   open: async (location, events, options) => {
 *     const database = await connect(parseLocation(location), options);
 *     await migrate(database, postgresqlDialect, location, events);
 *     return new SqlStore(location, events, database);
 *   },
 * };
 * ```
 *
 * `store/sql` has what databases with SQL have in common. `describeStore` in `store/testing` is the test of a backend.
 */
export interface StoreBackend {
  /** What a location begins with, before its colon, and the name of the tables' definitions: those of `codegen/databases`. */
  readonly scheme: string;
  /** A location of this backend that was probably meant by a text that is not a location, for an error message. */
  suggestLocation(text: string): string;
  /** Throws a `WireloomError` `usage` where the location, which has the scheme, cannot be one. Opens and makes nothing. */
  checkLocation(location: string): void;
  /**
   * Opens the store, which is made where there is none, and brings its schema up to date. Rejects with `usage` as
   * {@link checkLocation} throws, with `store_locked` when the database is another's, `store_newer` when a later wireloom wrote it, and
   * `store_full` or `store_failed` when it cannot be used.
   */
  open(location: string, events: readonly CollectedEvent[], options: StoreOptions): Promise<Store>;
}
