import { DuckDBInstance } from "@duckdb/node-api";
import { type Expression, Kysely, type SqlBool, sql } from "kysely";
import { likeExpression } from "../../schema/text-match.js";
import type { DatabaseSql } from "../sql/database-sql.js";
import { ConnectionPool } from "./connection-pool.js";
import { DuckDbDialect } from "./duckdb-dialect.js";
import { MEMORY, SCHEME } from "./duckdb-location.js";
import { DUCKDB_TYPES } from "./duckdb-types.js";
import { readableColumn } from "./readable-column.js";

/**
 * `%` in a pattern at most for DuckDB's own LIKE, whose time grows with the text's length to their power; patterns
 * with more are matched as regular expressions, in linear time.
 */
const MAX_LIKE_WILDCARDS = 2;

/** DuckDB's SQL. */
export const duckdbSql: DatabaseSql = {
  scheme: SCHEME,

  lower: (text) => sql`lower(${text})`,
  byteLength: (text) => sql`strlen(${text})`,
  contains: (text, part) => sql`contains(${text}, ${part})`,
  startsWith: (text, start) => sql`starts_with(${text}, ${start})`,
  endsWith: (text, end) => sql`ends_with(${text}, ${end})`,
  like,
  replaceMatch: (text, pattern, replacement) =>
    sql`regexp_replace(${text}, ${sql.lit(pattern)}, ${sql.lit(replacement)}, 's')`,
  hasBits: (bits, wanted) => sql`(${bits} & ${wanted}) = ${wanted}`,
  listContains: (list, item) => sql`list_contains(${list}, ${item})`,
  listSome: (list, condition) =>
    sql`list_contains(list_transform(${list}, lambda item: ${condition(sql.raw("item"))}), true)`,

  columnType: (form) => String(DUCKDB_TYPES[form]),
  readableColumn,

  async definedTables(statements) {
    const instance = await DuckDBInstance.create(MEMORY, { threads: "1" });
    const pool = new ConnectionPool(() => instance.connect(), { connections: 1 });
    try {
      const database = new Kysely<unknown>({ dialect: new DuckDbDialect(pool) });
      for (const statement of statements) await sql.raw(statement).execute(database);
      return await database.introspection.getTables();
    } finally {
      await pool.close();
      instance.closeSync();
    }
  },

  async viewComments(database) {
    const { rows } = await sql<{ view_name: string; comment: string }>`
      SELECT view_name, comment FROM duckdb_views()
      WHERE comment IS NOT NULL AND database_name = current_database()`.execute(database);
    return new Map(rows.map(({ view_name: name, comment }) => [name, comment]));
  },
};

function like(text: Expression<unknown>, pattern: string): Expression<SqlBool> {
  if (pattern.split("%").length - 1 > MAX_LIKE_WILDCARDS) {
    return sql`regexp_full_match(${text}, ${likeExpression(pattern)}, 's')`;
  }
  return sql`${text} LIKE ${pattern} ESCAPE '\\'`;
}
