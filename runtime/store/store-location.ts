import { WireloomError } from "../wireloom-error.js";

/** The path in a store's location such as `duckdb:wireloom.duckdb`. Throws a {@link WireloomError} `usage` on another kind of location. */
export function storePath(location: string): string {
  const path = /^duckdb:(.+)$/.exec(location)?.[1];
  if (path !== undefined) return path;
  throw new WireloomError(
    "usage",
    `${JSON.stringify(location)} is not a store; give duckdb: and the path of a file, such as ${suggestion(location)}`,
  );
}

/** A path without a scheme is most likely a DuckDB file. */
function suggestion(location: string): string {
  return location === "" || /^\w+:/.test(location) ? "duckdb:wireloom.duckdb" : `duckdb:${location}`;
}
