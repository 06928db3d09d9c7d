import type { DatabaseEmitter } from "./database-emitter.js";
import { duckdb } from "./duckdb.js";

/** Every database that tables are defined for. */
export const DATABASES: readonly DatabaseEmitter[] = [duckdb];
