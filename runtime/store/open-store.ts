import type { CollectedEvent } from "../plugin/plugin.js";
import { openDuckDbStore } from "./duckdb/duckdb-store.js";
import type { DatabaseOptions } from "./duckdb/open-database.js";
import type { Store } from "./store.js";
import { storePath } from "./store-location.js";

/**
 * Opens the store of a location such as `duckdb:wireloom.duckdb` (or `duckdb::memory:`), and brings its schema up to
 * date. Throws a `WireloomError` `usage` on another kind of location, `store_locked`, `store_newer` or
 * `store_failed` where the database cannot be used.
 */
export async function openStore(
  location: string,
  events: readonly CollectedEvent[],
  options: DatabaseOptions = {},
): Promise<Store> {
  return openDuckDbStore(storePath(location), events, options);
}
