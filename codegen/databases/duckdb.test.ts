import { expect, it } from "vitest";
import { collectedEvents } from "../../generated/collected-events.js";
import { SEMANTIC_TYPES } from "../../runtime/schema/semantic-types.js";
import { DUCKDB_TYPES } from "../../runtime/store/duckdb/duckdb-types.js";
import type { FieldModel } from "../model/field-model.js";
import type { ColumnModel, TableModel } from "../model/table-model.js";
import { duckdb } from "./duckdb.js";

it("columns have the types that filters bind their values with, so that comparisons need no cast", () => {
  for (const { table, definitions } of collectedEvents) {
    for (const { name, type, isList } of table.columns) {
      expect(definitions["duckdb"]!.create).toMatch(
        new RegExp(`[(,] ?"${name}" ${DUCKDB_TYPES[SEMANTIC_TYPES[type].storage]}${isList ? "\\[\\]" : ""}[ ,)]`),
      );
    }
  }
});

it("a table without an event is defined like any other", () => {
  const field = (name: string, type: "timestamp" | "text" | "uint64"): FieldModel =>
    ({ name, type, isList: false, isNullable: false }) as unknown as FieldModel;
  const columns = [field("time", "timestamp"), field("name", "text"), field("value", "uint64")].map(
    (each, i): ColumnModel => ({ field: each, group: undefined, fieldNumber: i + 1, order: i + 1 }),
  );
  const counters: TableModel = {
    ...{ name: "counters", title: "Counters", description: "", origin: { kind: "engine" }, columns },
    ...{ key: columns.slice(0, 2), order: columns.slice(0, 1), retentionSeconds: undefined },
  };
  expect(duckdb.createTable(counters)).toBe(
    'CREATE TABLE "counters" ("time" TIMESTAMP_NS NOT NULL, "name" VARCHAR NOT NULL, "value" UBIGINT NOT NULL)',
  );
  expect(duckdb.addColumn(counters, columns[2]!)).toBe(
    'ALTER TABLE "counters" ADD COLUMN IF NOT EXISTS "value" UBIGINT DEFAULT 0',
  );
});
