import { createHash } from "node:crypto";
import { sql, type Transaction } from "kysely";
import type { EventTable } from "../../schema/event-table.js";
import type { DatabaseSql } from "./database-sql.js";
import type { StoreTables } from "./store-tables.js";

/**
 * Makes a view of each event's table for people who open the database themselves: `dns_readable` has the same columns, with addresses, enums
 * and durations as they read them. Only views that are missing or whose definition has changed are made, so that an unchanged start writes
 * nothing and needs no room on the disk. The comment of a view holds the hash of its definition.
 */
export async function makeReadableViews(
  transaction: Transaction<StoreTables>,
  database: DatabaseSql,
  tables: readonly EventTable[],
): Promise<void> {
  const comments = await database.viewComments(transaction);
  for (const { resource, columns } of tables) {
    const name = `${resource}_readable`;
    const selected = columns.map((column) => `${database.readableColumn(column)} AS "${column.name}"`).join(", ");
    const statement = `CREATE VIEW "${name}" AS SELECT ${selected} FROM "${resource}"`;
    const definition = `definition ${createHash("sha256").update(statement).digest("hex").slice(0, 16)}`;
    if (comments.get(name) === definition) continue;
    // A view is not replaced: PostgreSQL refuses other columns than it had.
    await sql.raw(`DROP VIEW IF EXISTS "${name}"`).execute(transaction);
    await sql.raw(statement).execute(transaction);
    await sql.raw(`COMMENT ON VIEW "${name}" IS '${definition}'`).execute(transaction);
  }
}
