import { DuckDBInstance } from "@duckdb/node-api";
import { type Kysely, sql } from "kysely";
import type { TableDefinition } from "../../schema/table-definition.js";
import { WireloomError } from "../../wireloom-error.js";
import type { StoreTables } from "./store-tables.js";

/** A column as DuckDB describes it. */
export interface ColumnFacts {
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
  readonly is_nullable: boolean;
  readonly column_default: string | null;
}

const FACTS = "table_name, column_name, data_type, is_nullable, column_default";

/** The columns that the definitions of some tables make, which a database in memory is asked for. */
export async function definedColumns(definitions: readonly TableDefinition[]): Promise<readonly ColumnFacts[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  try {
    const connection = await instance.connect();
    for (const { create } of definitions) await connection.run(create);
    const result = await connection.runAndReadAll(`SELECT ${FACTS} FROM duckdb_columns() WHERE NOT internal`);
    connection.closeSync();
    // The rows have the columns of the statement, in DuckDB's own types of text and truth.
    return result.getRowObjects() as unknown as ColumnFacts[];
  } finally {
    instance.closeSync();
  }
}

/** The columns of a database's tables. */
export async function storedColumns(database: Kysely<StoreTables>): Promise<readonly ColumnFacts[]> {
  const { rows } = await sql<ColumnFacts>`
    SELECT ${sql.raw(FACTS)} FROM duckdb_columns() WHERE NOT internal AND database_name = current_database()`.execute(
    database,
  );
  return rows;
}

/**
 * Refuses a database whose tables do not have the columns that rows are read from and written to, as where the author of a plugin that was
 * never released defined its table anew. Throws `store_failed`.
 */
export function checkColumns(location: string, defined: readonly ColumnFacts[], present: readonly ColumnFacts[]): void {
  const stored = new Map(present.map((column) => [keyOf(column), column]));
  const wanted = new Map(defined.map((column) => [keyOf(column), column]));
  const tables = new Set(defined.map(({ table_name: name }) => name));
  for (const column of defined) refuse(location, column, describeDifference(column, stored.get(keyOf(column))));
  for (const column of present) {
    if (!tables.has(column.table_name) || wanted.has(keyOf(column))) continue;
    if (!column.is_nullable && column.column_default === null)
      refuse(location, column, "must have a value, and no plugin has the field");
  }
}

function keyOf({ table_name: table, column_name: column }: ColumnFacts): string {
  return JSON.stringify([table, column]);
}

function describeDifference(wanted: ColumnFacts, found: ColumnFacts | undefined): string | undefined {
  if (found === undefined) return "is missing";
  if (found.data_type !== wanted.data_type) return `is ${found.data_type}, where the plugin has ${wanted.data_type}`;
  if (wanted.is_nullable && !found.is_nullable) return "must have a value, where the plugin may have none";
  return undefined;
}

function refuse(location: string, { table_name: table, column_name: column }: ColumnFacts, difference?: string): void {
  if (difference === undefined) return;
  throw new WireloomError(
    "store_failed",
    `${location} was made with another ${table} plugin: its column ${column} ${difference}; give another store, or remove this one if its rows are not needed`,
  );
}
