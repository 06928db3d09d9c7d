import type { CollectedEvent } from "../plugin/plugin.js";
import type { AgentDirectory } from "./agent-directory.js";
import type { IngestStore } from "./ingest-store.js";
import type { QueryStore } from "./query-store.js";

/**
 * Where a collector keeps rows: one database that provides what ingest and queries need. Its owner has the whole store; code that only
 * stores rows, reads rows or looks up agents is given that side of it.
 */
export interface Store extends IngestStore, QueryStore, AgentDirectory {
  /** Says for people where the rows are, such as `duckdb:wireloom.duckdb`. */
  readonly location: string;
  /** The events whose rows it keeps. */
  readonly events: readonly CollectedEvent[];
  /** Aborted when the store must be opened again to work; the reason is the `store_broken` error. */
  readonly broken: AbortSignal;
  /** Commits what is queued, then closes the database. */
  close(): Promise<void>;
}
