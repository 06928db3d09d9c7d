import {
  DuckDBBlobValue,
  type DuckDBPreparedStatement,
  DuckDBTimestampNanosecondsValue,
  DuckDBUUIDValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import { BoundValue } from "../sql/bound-value.js";
import { DUCKDB_TYPES } from "./duckdb-types.js";

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
