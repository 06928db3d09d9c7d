import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  DuckDBBlobValue,
  type DuckDBPreparedStatement,
  DuckDBTimestampNanosecondsValue,
  type DuckDBType,
  DuckDBUUIDValue,
  type DuckDBValue,
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
import type { ScalarValue } from "../../schema/value.js";

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

/**
 * A canonical value with its form, as a parameter of a statement. With exactly the column's type a comparison needs
 * no cast of the column, so that the database can skip row groups by their least and greatest values.
 */
export class BoundValue {
  readonly form: StorageForm;
  readonly value: Exclude<ScalarValue, null>;

  constructor(form: StorageForm, value: Exclude<ScalarValue, null>) {
    this.form = form;
    this.value = value;
  }
}

/** Binds a statement's parameters: {@link BoundValue}s, and plain texts, bigints, numbers, booleans, bytes and null. */
export function bindParameters(statement: DuckDBPreparedStatement, parameters: readonly unknown[]): void {
  for (const [i, parameter] of parameters.entries()) {
    const bound = parameter instanceof BoundValue ? parameter : plainValue(parameter);
    if (bound === null) statement.bindNull(i + 1);
    else statement.bindValue(i + 1, nativeValue(bound), DUCKDB_TYPES[bound.form]);
  }
}

function nativeValue({ form, value }: BoundValue): DuckDBValue {
  switch (form) {
    case "time":
      return new DuckDBTimestampNanosecondsValue(value as bigint);
    case "uuid":
      return DuckDBUUIDValue.fromUint128(BigInt(`0x${(value as string).replaceAll("-", "")}`));
    case "bytes":
      return new DuckDBBlobValue(value as Uint8Array);
    default:
      return value as DuckDBValue;
  }
}

function plainValue(parameter: unknown): BoundValue | null {
  switch (typeof parameter) {
    case "string":
      return new BoundValue("text", parameter);
    case "bigint":
      return new BoundValue("i64", parameter);
    case "number":
      return Number.isInteger(parameter) ? new BoundValue("i64", BigInt(parameter)) : new BoundValue("f64", parameter);
    case "boolean":
      return new BoundValue("bool", parameter);
    default:
      if (parameter === null || parameter === undefined) return null;
      if (parameter instanceof Uint8Array) return new BoundValue("bytes", parameter);
      throw new TypeError(`a ${typeof parameter} cannot be a parameter of a statement`);
  }
}
