import {
  type DatabaseIntrospector,
  type DatabaseMetadata,
  type DatabaseMetadataOptions,
  type Kysely,
  type SchemaMetadata,
  sql,
  type TableMetadata,
} from "kysely";

/** Describes the tables and views of a DuckDB database, which a migration compares with those that are wanted. */
export class DuckDbIntrospector implements DatabaseIntrospector {
  readonly #database: Kysely<unknown>;

  constructor(database: Kysely<unknown>) {
    this.#database = database;
  }

  async getSchemas(): Promise<SchemaMetadata[]> {
    const { rows } = await sql<SchemaMetadata>`
      SELECT DISTINCT schema_name AS name FROM duckdb_schemas() WHERE NOT internal ORDER BY name`.execute(
      this.#database,
    );
    return rows;
  }

  async getTables(_options?: DatabaseMetadataOptions): Promise<TableMetadata[]> {
    const { rows } = await sql<ColumnFacts>`
      SELECT c.table_name, c.schema_name, c.column_name, c.data_type, c.is_nullable,
             c.column_default IS NOT NULL AS has_default, v.view_name IS NOT NULL AS is_view
      FROM duckdb_columns() c
      LEFT JOIN duckdb_views() v ON v.view_oid = c.table_oid AND v.schema_oid = c.schema_oid
      WHERE NOT c.internal AND c.database_name = current_database()
      ORDER BY c.schema_name, c.table_name, c.column_index`.execute(this.#database);
    const tables = new Map<string, TableMetadata>();
    for (const facts of rows) {
      const key = JSON.stringify([facts.schema_name, facts.table_name]);
      let table = tables.get(key);
      if (table === undefined) {
        table = { name: facts.table_name, schema: facts.schema_name, isView: facts.is_view, columns: [] };
        tables.set(key, table);
      }
      table.columns.push({
        name: facts.column_name,
        dataType: facts.data_type,
        isNullable: facts.is_nullable,
        hasDefaultValue: facts.has_default,
        isAutoIncrementing: false,
      });
    }
    return [...tables.values()];
  }

  async getMetadata(options?: DatabaseMetadataOptions): Promise<DatabaseMetadata> {
    return { tables: await this.getTables(options) };
  }
}

interface ColumnFacts {
  readonly table_name: string;
  readonly schema_name: string;
  readonly column_name: string;
  readonly data_type: string;
  readonly is_nullable: boolean;
  readonly has_default: boolean;
  readonly is_view: boolean;
}
