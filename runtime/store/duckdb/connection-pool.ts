import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from "@duckdb/node-api";
import { WireloomError } from "../../wireloom-error.js";

/** Prepared statements that a connection keeps. */
const MAX_STATEMENTS = 32;

/** A connection with the statements it has prepared, in order of use. */
export class PooledConnection {
  readonly #statements = new Map<string, DuckDBPreparedStatement>();

  constructor(readonly native: DuckDBConnection) {}

  /** The prepared statement of this text, kept from an earlier time where it was used lately. */
  async prepare(sql: string): Promise<DuckDBPreparedStatement> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) statement = await this.native.prepare(sql);
    else this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > MAX_STATEMENTS) {
      const [oldest, unused] = this.#statements.entries().next().value!;
      this.#statements.delete(oldest);
      unused.destroySync();
    }
    return statement;
  }

  close(): void {
    for (const statement of this.#statements.values()) statement.destroySync();
    this.#statements.clear();
    this.native.closeSync();
  }
}

/** A bounded number of connections; one who asks for one more waits for its turn. */
export class ConnectionPool {
  readonly #instance: DuckDBInstance;
  readonly #size: number;
  readonly #idle: PooledConnection[] = [];
  readonly #waiting: ((connection: PooledConnection) => void)[] = [];
  #openCount = 0;
  #isClosing = false;
  #onAllIdle: (() => void) | undefined;

  constructor(instance: DuckDBInstance, size: number) {
    this.#instance = instance;
    this.#size = size;
  }

  /** A connection for one use; give it back with {@link release}. */
  async acquire(): Promise<PooledConnection> {
    if (this.#isClosing) throw new WireloomError("unavailable", "the store is closed");
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#openCount === this.#size) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#openCount++;
    try {
      return new PooledConnection(await this.#instance.connect());
    } catch (error) {
      this.#openCount--;
      throw error;
    }
  }

  release(connection: PooledConnection): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next(connection);
      return;
    }
    this.#idle.push(connection);
    if (this.#idle.length === this.#openCount) this.#onAllIdle?.();
  }

  /** Waits for the connections that are in use, and closes all. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#idle.length < this.#openCount) {
      await new Promise<void>((resolve) => {
        this.#onAllIdle = resolve;
      });
    }
    for (const connection of this.#idle.splice(0)) connection.close();
    this.#openCount = 0;
  }
}
