import { createHash } from "node:crypto";
import { type Kysely, type Selectable, sql, type Transaction } from "kysely";
import type { EventTable } from "../../schema/event-table.js";
import { WireloomError } from "../../wireloom-error.js";
import { type DefinedTable, definitionOf } from "../table-definitions.js";
import { BoundValue } from "./bound-value.js";
import { type ColumnFacts, checkColumns, definedColumns, storedColumns } from "./check-columns.js";
import { SCHEME } from "./duckdb-location.js";
import { readableView } from "./readable-view.js";
import { STORE_TABLE_DEFINITIONS, type StoreTables } from "./store-tables.js";

/**
 * Brings a database to the schema of these events, in one transaction: tables and columns that it does not have are made. The columns of the
 * database decide, never a version: branches of a plugin may have added columns independently of each other. Throws a {@link WireloomError}
 * `store_newer` where a later wireloom made columns that these events do not have, and `store_failed` where a table has other columns.
 */
export async function migrate(
  database: Kysely<StoreTables>,
  location: string,
  events: readonly DefinedTable[],
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const stored = await storedColumns(transaction);
    for (const definition of STORE_TABLE_DEFINITIONS) await sql.raw(definition).execute(transaction);
    const known = await transaction.selectFrom("wireloom_schema").selectAll().execute();
    for (const event of events) {
      const { table } = event;
      const entry = known.find(({ resource }) => resource === table.resource);
      if (entry !== undefined) refuseNewer(location, table, entry);
      const present = stored.filter((column) => column.table_name === table.resource);
      // A table that is not in the list is another program's.
      if (present.length === 0 || entry !== undefined) {
        for (const statement of pendingStatements(event, present)) await sql.raw(statement).execute(transaction);
      }
      await noteColumns(transaction, table, entry);
    }
    if (stored.length > 0) {
      const definitions = events.map((event) => definitionOf(event, SCHEME));
      checkColumns(location, await definedColumns(definitions), await storedColumns(transaction));
    }
    await makeViews(
      transaction,
      events.map(({ table }) => table),
    );
  });
}

/** What the database says of an event's table. */
type SchemaEntry = Selectable<StoreTables["wireloom_schema"]>;

/** Columns that the database has from wireloom, and the event has not, are a later wireloom's: fields are never removed. */
function refuseNewer(location: string, { resource, version, columns }: EventTable, entry: SchemaEntry): void {
  const names = new Set(columns.map(({ name }) => name));
  const made = entry.columns === null ? [] : (JSON.parse(entry.columns) as readonly string[]);
  const unknown = made.find((name) => !names.has(name));
  // Wireloom noted a version alone until it noted the columns.
  if (unknown === undefined && (entry.columns !== null || entry.version <= version)) return;
  const what = unknown === undefined ? `version ${entry.version} of ${resource}` : `the column ${resource}.${unknown}`;
  throw new WireloomError(
    "store_newer",
    `${location} has ${what}, which this wireloom does not know; update wireloom or give another store`,
  );
}

/** The statements that make a table, or the columns that it does not have. */
function pendingStatements(event: DefinedTable, present: readonly ColumnFacts[]): readonly string[] {
  const { create, addColumn } = definitionOf(event, SCHEME);
  if (present.length === 0) return [create];
  const names = new Set(present.map(({ column_name: name }) => name));
  return event.table.columns.filter(({ name }) => !names.has(name)).map(({ name }) => addColumn[name]!);
}

async function noteColumns(
  transaction: Transaction<StoreTables>,
  { resource, version, columns }: EventTable,
  entry: SchemaEntry | undefined,
): Promise<void> {
  const names = JSON.stringify(columns.map(({ name }) => name));
  if (entry?.columns === names && entry.version === version) return;
  const facts = { version: new BoundValue("i32", version), columns: names };
  await transaction
    .insertInto("wireloom_schema")
    .values({ resource, ...facts })
    .onConflict((conflict) => conflict.column("resource").doUpdateSet(facts))
    .execute();
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
