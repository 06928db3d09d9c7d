import { DATABASES } from "../../../codegen/databases/databases.js";
import type { TableModel } from "../../../codegen/model/table-model.js";
import type { CollectedEvent } from "../../plugin/plugin.js";
import { type ColumnStatement, defineColumns } from "../../schema/define-columns.js";
import type { Column } from "../../schema/event-table.js";
import type { Row } from "../../schema/value.js";
import type { RowGroup } from "../ingest-store.js";
import { createColumns, encodeRows, readRows } from "./row-codec.js";

/** An event that no plugin has, of columns that a test wants. */
export interface TestEvent extends CollectedEvent {
  /** Rows as an agent sends them, with a value for each column. */
  rowGroup(rows: readonly Row[]): RowGroup;
}

/** The columns that every event has and that a store knows by their names. */
const OBSERVATION: Readonly<Record<string, ColumnStatement>> = {
  id: { number: 1, type: "uuid" },
  time: { number: 2, type: "timestamp" },
  agent_id: { number: 3, type: "text" },
};

/** Columns by their names, following those of the observation. */
export function testColumns(statements: Readonly<Record<string, Omit<ColumnStatement, "number">>>): Column[] {
  const own = Object.entries(statements).map(([name, statement], i) => [name, { ...statement, number: i + 100 }]);
  const all: Readonly<Record<string, ColumnStatement>> = { ...OBSERVATION, ...Object.fromEntries(own) };
  return Object.values(defineColumns({ firstNumber: 0 }, all));
}

/** An event with these columns, with the table of each database. */
export function testEvent(resource: string, columns: readonly Column[]): TestEvent {
  const event: CollectedEvent = {
    table: {
      ...{ resource, title: resource, description: "", eventType: `test.${resource}` },
      ...{ version: columns.length, columns },
    },
    codec: {
      createColumns: () => createColumns(columns),
      read: (bytes, start, end, batch) => readRows(columns, bytes, start, end, batch),
    },
    definitions: definitionsOf(resource, columns),
    // A store uses the table, its definition and the codec alone.
    ...({} as Pick<CollectedEvent, "query" | "message" | "service">),
  };
  const own: TestEvent = {
    ...event,
    rowGroup: (rows) => ({ event: own, count: rows.length, rows: encodeRows(columns, rows) }),
  };
  return own;
}

function definitionsOf(name: string, columns: readonly Column[]): CollectedEvent["definitions"] {
  const models = columns.map((field, i) => ({ field, group: undefined, fieldNumber: field.fieldNumber, order: i }));
  const [id, time] = models;
  // A field's name, type, list and null are all that a column's definition is made of.
  const table = {
    name,
    title: name,
    description: "",
    columns: models,
    key: [id],
    order: [time],
  } as unknown as TableModel;
  return Object.fromEntries(
    DATABASES.map((database) => {
      const addColumn = table.columns.map((column) => [column.field.name, database.addColumn(table, column)]);
      return [database.scheme, { create: database.createTable(table), addColumn: Object.fromEntries(addColumn) }];
    }),
  );
}
