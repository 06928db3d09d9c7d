import { duckdb } from "./duckdb/duckdb-backend.js";
import type { StoreBackend } from "./store-backend.js";

/** Every backend. */
export const BACKENDS: readonly StoreBackend[] = [duckdb];
