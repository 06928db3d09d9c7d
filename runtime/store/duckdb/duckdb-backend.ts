import type { StoreBackend } from "../store-backend.js";
import { databasePath, SCHEME, suggestLocation } from "./duckdb-location.js";
import { openDuckDbStore } from "./duckdb-store.js";

/** DuckDB in this process, in a file or in memory: `duckdb:wireloom.duckdb`, `duckdb::memory:`. */
export const duckdb: StoreBackend = {
  scheme: SCHEME,
  suggestLocation,
  checkLocation: (location) => void databasePath(location),
  open: async (location, events, options) => openDuckDbStore(databasePath(location), events, options),
};
