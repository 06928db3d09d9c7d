import { createHash } from "node:crypto";
import { type Kysely, sql, type Transaction } from "kysely";
import type { EventTable } from "../../schema/event-table.js";
import type { TableDefinition } from "../../schema/table-definition.js";
import { WireloomError } from "../../wireloom-error.js";
import { type DefinedTable, definitionOf } from "../table-definitions.js";
import { BoundValue } from "./bound-value.js";
import { checkColumns, definedColumns } from "./check-columns.js";
import { readableView } from "./readable-view.js";
import { STORE_TABLE_DEFINITIONS, type StoreTables } from "./store-tables.js";

/** Scheme of a store's location, and name of the definitions. */
const SCHEME = "duckdb";

/**
 * Brings a database to the schema of these events, in one transaction: new tables are made, columns that later
 * versions added are added. Throws a {@link WireloomError} `store_newer` where a table has a later version, and `store_failed` where it has
 * other columns.
 */
export async function migrate(
  database: Kysely<StoreTables>,
  location: string,
  events: readonly DefinedTable[],
): Promise<void> {
  const tables = events.map(({ table }) => table);
  await database.transaction().execute(async (transaction) => {
    const { rows: found } = await sql`
      SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() LIMIT 1`.execute(transaction);
    for (const definition of STORE_TABLE_DEFINITIONS) await sql.raw(definition).execute(transaction);
    const stored = await transaction.selectFrom("wireloom_schema").select(["resource", "version"]).execute();
    const versions = new Map(stored.map(({ resource, version }) => [resource, version]));
    for (const event of events) {
      const { table } = event;
      const version = versions.get(table.resource);
      if (version !== undefined && version > table.version) {
        throw new WireloomError(
          "store_newer",
          `${location} has version ${version} of ${table.resource}, this wireloom knows version ${table.version}; update wireloom or give another store`,
        );
      }
      for (const statement of pendingStatements(definitionOf(event, SCHEME), version))
        await sql.raw(statement).execute(transaction);
      if (version !== table.version) {
        await transaction
          .insertInto("wireloom_schema")
          .values({ resource: table.resource, version: new BoundValue("int32", table.version) })
          .onConflict((conflict) =>
            conflict.column("resource").doUpdateSet({ version: new BoundValue("int32", table.version) }),
          )
          .execute();
      }
    }
    // The tables of a new database are as they were just defined.
    if (found.length > 0)
      await checkColumns(
        transaction,
        location,
        await definedColumns(events.map((event) => definitionOf(event, SCHEME))),
      );
    await makeViews(transaction, tables);
  });
}

/**
 * Creates the views that are missing or whose definition has changed, so that an unchanged start writes nothing and needs no room on the disk.
 * The comment of a view holds the hash of its definition.
 */
async function makeViews(transaction: Transaction<StoreTables>, tables: readonly EventTable[]): Promise<void> {
  const { rows } = await sql<{ view_name: string; comment: string | null }>`
    SELECT view_name, comment FROM duckdb_views() WHERE database_name = current_database()`.execute(transaction);
  const comments = new Map(rows.map(({ view_name: name, comment }) => [name, comment]));
  for (const table of tables) {
    const { name, statement } = readableView(table);
    const definition = `definition ${createHash("sha256").update(statement).digest("hex").slice(0, 16)}`;
    if (comments.get(name) === definition) continue;
    await sql.raw(statement).execute(transaction);
    await sql.raw(`COMMENT ON VIEW "${name}" IS '${definition}'`).execute(transaction);
  }
}

/** The statements that bring a table of this version, undefined for none, to the present one. */
function pendingStatements({ create, migrations }: TableDefinition, version: number | undefined): readonly string[] {
  return version === undefined ? [create] : migrations.slice(version - 1).flat();
}
