import { describe } from "vitest";
import type { StoreBackend } from "../store-backend.js";
import { describeAgents } from "./describe-agents.js";
import { describeFilters } from "./describe-filters.js";
import { describeMigration } from "./describe-migration.js";
import { describePages } from "./describe-pages.js";
import { describeSessions } from "./describe-sessions.js";
import { describeValues } from "./describe-values.js";
import { eachWithStore, type TestLocation } from "./store-under-test.js";

/**
 * What every backend does, whatever its database: rows are read as they were sent, filters select what `createPredicates` does, batches are
 * stored once. `createLocation` makes a place for the store of one test.
 *
 * ```ts
 * describeStore(duckdb, async () => {
 *   const folder = await mkdtemp(join(tmpdir(), "wireloom-store-"));
 *   return { location: `duckdb:${folder}/test.duckdb`, remove: () => rm(folder, { recursive: true }) };
 * });
 * ```
 */
export function describeStore(backend: StoreBackend, createLocation: () => Promise<TestLocation>): void {
  describe(`the store of ${backend.scheme}`, () => {
    const tested = eachWithStore(backend, createLocation);
    describeValues(tested);
    describeFilters(tested);
    describePages(tested);
    describeSessions(tested);
    describeAgents(tested);
    describeMigration(tested);
  });
}
