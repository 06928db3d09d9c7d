import {
  type DatabaseIntrospector,
  DefaultQueryCompiler,
  type Dialect,
  DialectAdapterBase,
  type Driver,
  type Kysely,
  type QueryCompiler,
} from "kysely";
import type { ConnectionPool } from "./connection-pool.js";
import { DuckDbDriver } from "./duckdb-driver.js";
import { DuckDbIntrospector } from "./duckdb-introspector.js";

/** Kysely on DuckDB: values are always bound (`$1`), identifiers in double quotes. */
export class DuckDbDialect implements Dialect {
  readonly #pool: ConnectionPool;

  /** Works on connections of the pool, which stays its owner's. */
  constructor(pool: ConnectionPool) {
    this.#pool = pool;
  }

  createDriver(): Driver {
    return new DuckDbDriver(this.#pool);
  }

  createQueryCompiler(): QueryCompiler {
    return new DefaultQueryCompiler();
  }

  createAdapter(): DuckDbAdapter {
    return new DuckDbAdapter();
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new DuckDbIntrospector(database);
  }
}

class DuckDbAdapter extends DialectAdapterBase {
  /** Kysely's own migrations are not used: `store/sql/migrate.ts` has those of the schema. */
  override async acquireMigrationLock(): Promise<void> {}

  override async releaseMigrationLock(): Promise<void> {}
}
