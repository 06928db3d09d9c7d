import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBTableFunction,
  type DuckDBTableFunctionInfo,
} from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { CollectedEvent } from "../../plugin/plugin.js";
import { type FeedSource, RowFeed } from "../row-feed.js";
import { processMemory } from "./process-memory.js";
import { writeVector } from "./vector-writer.js";

/** The column that the collector fills, with the name of the session's agent. */
const AGENT_COLUMN = "agent_id";

/**
 * A table function that hands DuckDB the rows of wire row groups, for `INSERT INTO dns SELECT * FROM wireloom_dns_rows()`.
 * DuckDB asks for 2048 rows at a time from its own threads and stores them there, while this thread only fills the
 * vectors. The appender would block the event loop at each flush.
 */
export class RowFunction {
  /** The statement that stores the rows of {@link start}. */
  readonly insertStatement: string;
  readonly #event: CollectedEvent;
  readonly #name: string;
  readonly #feed: RowFeed;
  readonly #agentColumn: number;
  #error: unknown;

  constructor(event: CollectedEvent) {
    const { table } = event;
    this.#event = event;
    this.#name = `wireloom_${table.resource}_rows`;
    this.#feed = new RowFeed(event);
    this.#agentColumn = table.columns.findIndex((column) => column.name === AGENT_COLUMN);
    this.insertStatement = `INSERT INTO "${table.resource}" (${this.#columnNames()}) SELECT * FROM "${this.#name}"()`;
  }

  /** Makes the function known to the whole database; its columns have the types of the event's table there. */
  async register(connection: DuckDBConnection): Promise<void> {
    const { resource, columns } = this.#event.table;
    const types = (await connection.run(`SELECT ${this.#columnNames()} FROM "${resource}" LIMIT 0`)).columnTypes();
    connection.registerTableFunction(
      DuckDBTableFunction.create({
        name: this.#name,
        bindFunction: (info) => {
          for (const [i, column] of columns.entries()) info.addResultColumn(column.name, types[i]!);
        },
        initFunction: (info) => info.setMaxThreads(1),
        mainFunction: (info, chunk) => this.#fill(info, chunk),
      }),
    );
  }

  /** Sets the rows that the next insert statement stores. */
  start(sources: readonly FeedSource[]): void {
    this.#error = undefined;
    this.#feed.start(sources);
  }

  /** Releases the rows; throws the error that reading them failed with. */
  finish(): void {
    this.#feed.drop();
    if (this.#error !== undefined) throw this.#error;
  }

  #columnNames(): string {
    return this.#event.table.columns.map((column) => `"${column.name}"`).join(", ");
  }

  #fill(info: DuckDBTableFunctionInfo, output: DuckDBDataChunk): void {
    try {
      output.rowCount = this.#feed.next() ? this.#writeChunk(output.chunk) : 0;
    } catch (error) {
      this.#error = error;
      info.setError("the rows cannot be read");
    }
  }

  #writeChunk(chunk: duckdb.DataChunk): number {
    const { batch } = this.#feed;
    const { columns } = this.#event.table;
    const address = processMemory?.addressOf(batch.bytes);
    for (let i = 0; i < columns.length; i++) {
      const vector = duckdb.data_chunk_get_vector(chunk, i);
      if (i === this.#agentColumn) {
        duckdb.vector_reference_value(vector, duckdb.create_varchar(this.#feed.agentId));
      } else {
        writeVector(vector, columns[i]!, batch.columns[i]!, batch, address);
      }
    }
    return batch.rowCount;
  }
}
