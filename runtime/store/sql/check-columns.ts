import type { ColumnMetadata, TableMetadata } from "kysely";
import { WireloomError } from "../../wireloom-error.js";

/**
 * Refuses a database whose tables do not have the columns that rows are read from and written to, as where the author of a plugin that was
 * never released defined its table anew, or where somebody changed the database by hand. Both lists of tables are as the database's
 * introspection describes them. Throws `store_failed`.
 */
export function checkColumns(
  location: string,
  defined: readonly TableMetadata[],
  present: readonly TableMetadata[],
): void {
  const stored = new Map(present.map(({ name, columns }) => [name, byName(columns)]));
  for (const { name, columns } of defined) {
    for (const column of columns) {
      const difference = describeDifference(column, stored.get(name)?.get(column.name));
      if (difference !== undefined) throw otherColumn(location, name, column, difference);
    }
  }
  for (const { name, columns } of defined) {
    const wanted = byName(columns);
    for (const column of stored.get(name)?.values() ?? []) {
      if (!wanted.has(column.name) && !column.isNullable && !column.hasDefaultValue)
        throw otherColumn(location, name, column, "is NOT NULL, but no plugin has this field");
    }
  }
}

function byName(columns: readonly ColumnMetadata[]): ReadonlyMap<string, ColumnMetadata> {
  return new Map(columns.map((column) => [column.name, column]));
}

function describeDifference(wanted: ColumnMetadata, found: ColumnMetadata | undefined): string | undefined {
  if (found === undefined) return "is missing";
  if (found.dataType !== wanted.dataType) return `is ${found.dataType}, not ${wanted.dataType}`;
  if (wanted.isNullable && !found.isNullable) return "is NOT NULL, but the field is optional";
  return undefined;
}

function otherColumn(location: string, table: string, { name }: ColumnMetadata, difference: string): WireloomError {
  if (table.startsWith("wireloom_")) {
    return new WireloomError(
      "store_failed",
      `${location} does not fit this version of wireloom: the column ${name} of its table ${table} ${difference}; update wireloom, restore the database from a copy, or give another store`,
    );
  }
  return new WireloomError(
    "store_failed",
    `${location} does not fit the plugin ${table}: its column ${name} ${difference}; give another store, or remove this one if its rows are not needed`,
  );
}
