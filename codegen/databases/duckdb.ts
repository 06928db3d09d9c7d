import type { SemanticTypeName } from "../../runtime/schema/semantic-type.js";
import type { ColumnModel, EventModel, FieldModel } from "../model.js";
import type { DatabaseEmitter } from "./database-emitter.js";

/** Column types (https://duckdb.org/docs/stable/sql/data_types/overview); an IP address is a number of 128 bits, as filters compare it. */
const COLUMN_TYPES: Readonly<Record<SemanticTypeName, string>> = {
  bool: "BOOLEAN",
  uint32: "UINTEGER",
  int32: "INTEGER",
  uint64: "UBIGINT",
  int64: "BIGINT",
  double: "DOUBLE",
  enum: "INTEGER",
  port: "USMALLINT",
  timestamp: "TIMESTAMP_NS",
  duration: "BIGINT",
  ip: "UHUGEINT",
  mac: "UBIGINT",
  uuid: "UUID",
  flags: "UINTEGER",
  text: "VARCHAR",
  bytes: "BLOB",
};

/** DuckDB. */
export const duckdb: DatabaseEmitter = {
  scheme: "duckdb",
  createTable: ({ resource, table }) =>
    `CREATE TABLE IF NOT EXISTS "${resource}" (${table.columns.map((column) => columnDefinition(column, column.since > 1)).join(", ")})`,
  addColumns: ({ resource, table }, version) =>
    addedColumns(table, version).map(
      (column) => `ALTER TABLE "${resource}" ADD COLUMN IF NOT EXISTS ${columnDefinition(column, true)}`,
    ),
};

function addedColumns({ columns }: EventModel["table"], version: number): ColumnModel[] {
  return columns.filter(({ since }) => since === version);
}

/** A column that was added later has no value in older rows: its default stands in, or null. */
function columnDefinition({ field }: ColumnModel, isAdded: boolean): string {
  const type = `${COLUMN_TYPES[field.type]}${field.isList ? "[]" : ""}`;
  if (field.isNullable) return `"${field.name}" ${type}`;
  return isAdded ? `"${field.name}" ${type} DEFAULT ${zeroLiteral(field)}` : `"${field.name}" ${type} NOT NULL`;
}

function zeroLiteral({ type, isList }: FieldModel): string {
  if (isList) return "[]";
  switch (type) {
    case "bool":
      return "false";
    case "text":
    case "bytes":
      return "''";
    case "timestamp":
      return "'1970-01-01 00:00:00'";
    case "uuid":
      return "'00000000-0000-0000-0000-000000000000'";
    default:
      return "0";
  }
}
