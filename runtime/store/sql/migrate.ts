import { type Kysely, type Selectable, sql, type TableMetadata, type Transaction } from "kysely";
import type { EventTable } from "../../schema/event-table.js";
import type { TableDefinition } from "../../schema/table-definition.js";
import { WireloomError } from "../../wireloom-error.js";
import { type DefinedTable, definitionOf } from "../table-definitions.js";
import { BoundValue } from "./bound-value.js";
import { checkColumns } from "./check-columns.js";
import type { DatabaseSql } from "./database-sql.js";
import { makeReadableViews } from "./readable-views.js";
import { parseJson, type StoreTables, storeTableDefinitions } from "./store-tables.js";

/**
 * Brings a database to the schema of these events, in one transaction: tables and columns that it does not have are made. The columns of the
 * database decide, never a version: branches of a plugin may have added columns independently of each other. Throws a {@link WireloomError}
 * `store_newer` where a later wireloom made columns that these events do not have, and `store_failed` where a table, also one of the store
 * itself, has other columns.
 */
export async function migrate(
  database: Kysely<StoreTables>,
  databaseSql: DatabaseSql,
  location: string,
  events: readonly DefinedTable[],
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const stored = await transaction.introspection.getTables();
    const own = storeTableDefinitions(databaseSql);
    for (const definition of own) await sql.raw(definition).execute(transaction);
    const known = await transaction.selectFrom("wireloom_schema").selectAll().execute();
    for (const { table, definitions } of events) {
      const entry = known.find(({ resource }) => resource === table.resource);
      if (entry !== undefined) refuseNewer(location, table, entry);
      const present = stored.find(({ name }) => name === table.resource);
      // A table that is not in the list is another program's.
      if (present === undefined || entry !== undefined) {
        const definition = definitionOf({ table, definitions }, databaseSql.scheme);
        for (const statement of pendingStatements(table, definition, present)) {
          await sql.raw(statement).execute(transaction);
        }
      }
      await noteColumns(transaction, table, entry);
    }
    if (stored.length > 0) {
      const creates = events.map((event) => definitionOf(event, databaseSql.scheme).create);
      const defined = await databaseSql.definedTables([...own, ...creates]);
      checkColumns(location, defined, await transaction.introspection.getTables());
    }
    await makeReadableViews(
      transaction,
      databaseSql,
      events.map(({ table }) => table),
    );
  });
}

/** Columns without a meaningful default: a table that lacks one was changed by another program, and is refused. */
const FIRST_COLUMNS: ReadonlySet<string> = new Set(["id", "time"]);

/** What the database says of an event's table. */
type SchemaEntry = Selectable<StoreTables["wireloom_schema"]>;

/** Columns that wireloom made and the event does not have come from a later version: fields are never removed. */
function refuseNewer(location: string, { resource, version, columns }: EventTable, entry: SchemaEntry): void {
  const names = new Set(columns.map(({ name }) => name));
  const made = parseNames(entry.columns);
  const unknown = made?.find((name) => !names.has(name));
  // Wireloom noted a version alone until it noted the columns.
  if (unknown === undefined && (made !== undefined || entry.version <= version)) return;
  const what = unknown === undefined ? `version ${entry.version} of ${resource}` : `the column ${resource}.${unknown}`;
  throw new WireloomError(
    "store_newer",
    `${location} has ${what}, which this wireloom does not know; update wireloom or give another store`,
  );
}

/** The names in a JSON array of texts; undefined if the text is anything else. */
function parseNames(json: string | null): readonly string[] | undefined {
  const names = json === null ? undefined : parseJson(json);
  return Array.isArray(names) && names.every((name) => typeof name === "string") ? names : undefined;
}

/** The statements that make a table, or the columns that it does not have. */
function pendingStatements(
  { columns }: EventTable,
  { create, addColumn }: TableDefinition,
  present: TableMetadata | undefined,
): readonly string[] {
  if (present === undefined) return [create];
  const names = new Set(present.columns.map(({ name }) => name));
  const missing = columns.filter(({ name }) => !names.has(name) && !FIRST_COLUMNS.has(name));
  return missing.map(({ name }) => addColumn[name]!);
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
