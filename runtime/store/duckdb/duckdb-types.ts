import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  type DuckDBType,
  INTEGER,
  TIMESTAMP_NS,
  UBIGINT,
  UHUGEINT,
  UINTEGER,
  USMALLINT,
  UUID,
  VARCHAR,
} from "@duckdb/node-api";
import type { StorageForm } from "../../schema/storage-form.js";

/** Type of a column, or of the items of a list, by the form of its values; as in `codegen/databases/duckdb.ts`. */
export const DUCKDB_TYPES: Readonly<Record<StorageForm, DuckDBType>> = {
  bool: BOOLEAN,
  u16: USMALLINT,
  u32: UINTEGER,
  i32: INTEGER,
  f64: DOUBLE,
  u64: UBIGINT,
  i64: BIGINT,
  time: TIMESTAMP_NS,
  u128: UHUGEINT,
  uuid: UUID,
  text: VARCHAR,
  bytes: BLOB,
};
