import { type Expression, type SqlBool, sql } from "kysely";

/** All of the conditions; true where there are none. */
export function conjunction(conditions: readonly Expression<SqlBool>[]): Expression<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`TRUE` : sql<SqlBool>`(${sql.join(conditions, sql` AND `)})`;
}
