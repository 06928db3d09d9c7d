import { WireloomError } from "../wireloom-error.js";

/** The path that stands for a database in memory. */
export const MEMORY = ":memory:";

/** The path in a store's location such as `duckdb:wireloom.duckdb`. Throws a {@link WireloomError} `usage` on another kind of location. */
export function storePath(location: string): string {
  const path = /^duckdb:(.+)$/.exec(location)?.[1];
  // DuckDB takes names that begin with a colon for databases in memory.
  if (path !== undefined && (path === MEMORY || !path.startsWith(":"))) return path;
  throw new WireloomError(
    "usage",
    `${JSON.stringify(location)} is not a store; give duckdb: and the path of a file, such as ${suggestion(location)}`,
  );
}

/** A path without a scheme is most likely a DuckDB file. */
function suggestion(location: string): string {
  if (location.startsWith("duckdb::mem")) return `duckdb:x.duckdb, or write duckdb:${MEMORY} to keep rows in memory`;
  if (location.startsWith("duckdb::")) return `duckdb:./${location.slice("duckdb:".length)}`;
  return location === "" || /^\w+:/.test(location) ? "duckdb:wireloom.duckdb" : `duckdb:${location}`;
}
