import type { Expression, Kysely, SqlBool, TableMetadata } from "kysely";
import type { Column } from "../../schema/event-table.js";
import type { StorageForm } from "../../schema/storage-form.js";
import type { BoundValue } from "./bound-value.js";
import type { StoreTables } from "./store-tables.js";

/**
 * What databases write differently: functions in the conditions of filters, types, and what the schema is compared with. One object for each
 * backend, such as `duckdbSql` in `duckdb/duckdb-sql.ts`; parameters, quotes and transactions are its Kysely dialect's.
 *
 * Every database orders and compares texts by their bytes in UTF-8, and doubles with NaN equal to itself after all others: `createPredicates`
 * does so, and `describeStore` compares each condition with it.
 */
export interface DatabaseSql {
  /** Scheme of the backend's locations, and name of the tables' definitions. */
  readonly scheme: string;

  /** Lower case of a text, a character for a character, as `simpleLowerCase` has it. */
  lower(text: Expression<unknown>): Expression<string>;
  /** Bytes of a text in UTF-8. */
  byteLength(text: Expression<unknown>): Expression<number>;
  /** Whether a text has another one anywhere in it. */
  contains(text: Expression<unknown>, part: Expression<string>): Expression<SqlBool>;
  startsWith(text: Expression<unknown>, start: Expression<string>): Expression<SqlBool>;
  endsWith(text: Expression<unknown>, end: Expression<string>): Expression<SqlBool>;
  /** Whether the whole text matches a `like` pattern, as `createLikeTest` has it; in linear time, whatever the pattern. */
  like(text: Expression<unknown>, pattern: string): Expression<SqlBool>;
  /** A text that matches a regular expression, in which `.` is any character, as the groups that `replacement` names, such as `\1\2`. */
  replaceMatch(text: Expression<unknown>, pattern: string, replacement: string): Expression<string>;
  /** Whether all bits that are set in `wanted` are set in a number. */
  hasBits(bits: Expression<unknown>, wanted: BoundValue): Expression<SqlBool>;
  /** Whether a list has an item. */
  listContains(list: Expression<unknown>, item: BoundValue): Expression<SqlBool>;
  /** Whether an item of a list meets a condition. */
  listSome(
    list: Expression<unknown>,
    condition: (item: Expression<unknown>) => Expression<SqlBool>,
  ): Expression<SqlBool>;

  /** Type of a column by the form of its values, as in `codegen/databases`. */
  columnType(form: StorageForm): string;
  /** The tables that statements make, as the database's introspection describes them. Makes them elsewhere than where rows are. */
  definedTables(statements: readonly string[]): Promise<readonly TableMetadata[]>;
  /** A column of an event's table as people read it, such as an address as text, for the view of those who open the database themselves. */
  readableColumn(column: Column): string;
  /** The comments of views, by their names. */
  viewComments(database: Kysely<StoreTables>): Promise<ReadonlyMap<string, string>>;
}
