import { WireloomError } from "../../wireloom-error.js";

/** What a location begins with, and the name of the tables' definitions. */
export const SCHEME = "duckdb";

/** The path that stands for a database in memory. */
export const MEMORY = ":memory:";

/** The path in a location such as `duckdb:wireloom.duckdb`. Throws a {@link WireloomError} `usage` where there is none. */
export function databasePath(location: string): string {
  const path = location.slice(SCHEME.length + 1);
  // DuckDB takes names that begin with a colon for databases in memory.
  if (path === MEMORY || (path !== "" && !path.startsWith(":"))) return path;
  throw new WireloomError(
    "usage",
    `${JSON.stringify(location)} is not a store; give duckdb: and the path of a file, such as ${suggestion(path)}`,
  );
}

function suggestion(path: string): string {
  if (path === "") return suggestLocation(path);
  if (path.startsWith(":mem")) return `duckdb:x.duckdb, or write duckdb:${MEMORY} to keep rows in memory`;
  return `duckdb:./${path}`;
}

/** A location that a text may stand for: one without a scheme is most likely the path of a file. */
export function suggestLocation(text: string): string {
  return text === "" || /^\w+:/.test(text) ? "duckdb:wireloom.duckdb" : `duckdb:${text}`;
}
