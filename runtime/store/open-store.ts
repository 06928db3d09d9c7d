import type { CollectedEvent } from "../plugin/plugin.js";
import { WireloomError } from "../wireloom-error.js";
import { openDuckDbStore } from "./duckdb/duckdb-store.js";
import type { DatabaseOptions } from "./duckdb/open-database.js";
import type { Store } from "./store.js";

/**
 * Opens the store of a location such as `duckdb:wireloom.duckdb` (or `duckdb::memory:`), and brings its schema up to
 * date. Throws a {@link WireloomError} `usage` on another kind of location, `store_locked`, `store_newer` or
 * `store_failed` where the database cannot be used.
 */
export async function openStore(
  location: string,
  events: readonly CollectedEvent[],
  options: DatabaseOptions = {},
): Promise<Store> {
  const path = /^duckdb:(.+)$/.exec(location)?.[1];
  if (path === undefined) {
    throw new WireloomError(
      "usage",
      `${JSON.stringify(location)} is not a store; give duckdb: and the path of a file, such as ${suggestion(location)}`,
    );
  }
  return openDuckDbStore(path, events, options);
}

/** A path without a scheme is most likely a DuckDB file. */
function suggestion(location: string): string {
  return location === "" || /^\w+:/.test(location) ? "duckdb:wireloom.duckdb" : `duckdb:${location}`;
}
