import { SEMANTIC_TYPES } from "../../runtime/schema/semantic-types.js";
import type { StorageForm } from "../../runtime/schema/storage-form.js";
import type { FieldModel } from "../model/field-model.js";
import type { DatabaseEmitter } from "./database-emitter.js";

/**
 * Column types (https://duckdb.org/docs/stable/sql/data_types/overview), and the value of rows that were stored before the column was added.
 * An IP address is a 128-bit number, as filters compare it.
 */
const COLUMN_TYPES: Readonly<Record<StorageForm, { readonly type: string; readonly zero: string }>> = {
  bool: { type: "BOOLEAN", zero: "false" },
  u16: { type: "USMALLINT", zero: "0" },
  u32: { type: "UINTEGER", zero: "0" },
  i32: { type: "INTEGER", zero: "0" },
  f64: { type: "DOUBLE", zero: "0" },
  u64: { type: "UBIGINT", zero: "0" },
  i64: { type: "BIGINT", zero: "0" },
  time: { type: "TIMESTAMP_NS", zero: "'1970-01-01 00:00:00'" },
  u128: { type: "UHUGEINT", zero: "0" },
  uuid: { type: "UUID", zero: "'00000000-0000-0000-0000-000000000000'" },
  text: { type: "VARCHAR", zero: "''" },
  bytes: { type: "BLOB", zero: "''" },
};

/** DuckDB. */
export const duckdb: DatabaseEmitter = {
  scheme: "duckdb",
  createTable: ({ name, columns }) =>
    `CREATE TABLE "${name}" (${columns.map(({ field }) => `${columnType(field)}${field.isNullable ? "" : " NOT NULL"}`).join(", ")})`,
  // An added column cannot be NOT NULL; rows are never written without it. Without IF NOT EXISTS, DuckDB prepares a default as a
  // second statement.
  addColumn: ({ name }, { field }) =>
    `ALTER TABLE "${name}" ADD COLUMN IF NOT EXISTS ${columnType(field)}${field.isNullable ? "" : ` DEFAULT ${zeroOf(field)}`}`,
};

function columnType({ name, type, isList }: FieldModel): string {
  return `"${name}" ${COLUMN_TYPES[SEMANTIC_TYPES[type].storage].type}${isList ? "[]" : ""}`;
}

function zeroOf({ type, isList }: FieldModel): string {
  return isList ? "[]" : COLUMN_TYPES[SEMANTIC_TYPES[type].storage].zero;
}
