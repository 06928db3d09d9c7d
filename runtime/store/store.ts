import type { CollectedEvent } from "../plugin/plugin.js";
import type { AgentDirectory } from "./agent-directory.js";
import type { IngestStore } from "./ingest-store.js";
import type { QueryStore } from "./query-store.js";

/**
 * Where a collector keeps rows: one database that provides what ingest and queries need. This is what its owner has; code that only takes
 * rows in, reads rows or looks up agents is given that side of it.
 */
export interface Store extends IngestStore, QueryStore, AgentDirectory {
  /** Says for people where the rows are, such as `duckdb:wireloom.duckdb`. */
  readonly location: string;
  /** The events whose rows it keeps. */
  readonly events: readonly CollectedEvent[];
  /** Aborted once the store works again only after it is opened anew; the reason is the `store_broken` error. */
  readonly broken: AbortSignal;
  /** Commits what is queued, then closes the database. */
  close(): Promise<void>;
}
