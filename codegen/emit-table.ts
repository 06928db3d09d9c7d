import { SEMANTIC_TYPES } from "../runtime/schema/semantic-type.js";
import type { ColumnModel, EventModel } from "./model.js";
import { pascalCase } from "./names.js";

type Database = "duckdb" | "postgres" | "clickhouse";

const DATABASES: readonly Database[] = ["duckdb", "postgres", "clickhouse"];

/** Writes `table.ts`: the columns, the Kysely types, and the data definition for each database. */
export function emitTable(model: EventModel): string {
  const { columns, version } = model.table;
  return [
    'import type { Column, EventTable } from "../../runtime/schema/event-table.js";',
    "",
    `/** Row of \`${model.resource}\` as the database hands it over; see \`runtime/schema/value.ts\` for the types. */`,
    `export interface ${pascalCase(model.resource)}Row {`,
    ...columns.map(({ field }) => `  ${field.name}: ${rowType(field)};`),
    "}",
    "",
    `/** Kysely's view of a database that holds \`${model.resource}\`. */`,
    `export interface ${pascalCase(model.resource)}Database {`,
    `  ${model.resource}: ${pascalCase(model.resource)}Row;`,
    "}",
    "",
    `/** Columns of \`${model.resource}\`, by name and in order. */`,
    `export const ${model.variable}Columns = ${JSON.stringify(columnsLiteral(model), null, 2)} as const satisfies Record<string, Column>;`,
    "",
    `/** Table \`${model.resource}\`, version ${version}. */`,
    `export const ${model.variable}Table: EventTable = {`,
    `  resource: ${JSON.stringify(model.resource)},`,
    `  title: ${JSON.stringify(model.title)},`,
    `  description: ${JSON.stringify(model.description)},`,
    `  eventType: ${JSON.stringify(model.message.typeName)},`,
    `  version: ${version},`,
    `  columns: Object.values(${model.variable}Columns),`,
    `  definitions: ${JSON.stringify(definitions(model), null, 2)},`,
    "};",
    "",
  ].join("\n");
}

function rowType({ type, isList, isNullable }: ColumnModel["field"]): string {
  const scalar = scalarRowType(type);
  if (isList) return `${scalar}[]`;
  return isNullable ? `${scalar} | null` : scalar;
}

function scalarRowType(type: ColumnModel["field"]["type"]): string {
  switch (type) {
    case "bool":
      return "boolean";
    case "text":
    case "uuid":
      return "string";
    case "bytes":
      return "Uint8Array";
    case "uint64":
    case "int64":
    case "timestamp":
    case "duration":
    case "mac":
    case "ip":
      return "bigint";
    default:
      return "number";
  }
}

function columnsLiteral(model: EventModel): object {
  const entries = model.table.columns.map(({ field, isObserved, fieldNumber }) => [
    field.name,
    {
      name: field.name,
      type: field.type,
      isList: field.isList,
      isNullable: field.isNullable,
      enumValues: field.enumModel?.values ?? field.flagValues,
      title: field.title,
      description: field.description,
      wireshark: field.wireshark,
      isListed: field.isListed,
      ...(field.comparison === undefined ? {} : { comparison: field.comparison }),
      fieldNumber,
      messagePath: isObserved ? ["observation", field.property] : [field.property],
    },
  ]);
  return Object.fromEntries(entries);
}

function definitions(model: EventModel): object {
  return Object.fromEntries(DATABASES.map((database) => [database, definition(model, database)]));
}

function definition(model: EventModel, database: Database): object {
  const { columns, version } = model.table;
  const added = Array.from({ length: version - 1 }, (_, i) =>
    columns
      .filter(({ since }) => since === i + 2)
      .map(
        (column) =>
          `ALTER TABLE "${model.resource}" ADD COLUMN IF NOT EXISTS ${columnDefinition(column, database, true)}`,
      ),
  );
  const list = columns.map((column) => columnDefinition(column, database, column.since > 1)).join(", ");
  const engine =
    database === "clickhouse" ? ' ENGINE = MergeTree PARTITION BY toDate("time") ORDER BY ("time", "id")' : "";
  return { create: `CREATE TABLE IF NOT EXISTS "${model.resource}" (${list})${engine}`, migrations: added };
}

/** A column that was added later has no value in older rows: its default stands in, or null. */
function columnDefinition({ field }: ColumnModel, database: Database, isAdded: boolean): string {
  const base = SEMANTIC_TYPES[field.type].columnTypes[database];
  if (database === "clickhouse") {
    const type = field.isList ? `Array(${base})` : field.isNullable ? `Nullable(${base})` : base;
    return `"${field.name}" ${type}`;
  }
  const type = field.isList ? `${base}[]` : base;
  if (field.isNullable) return `"${field.name}" ${type}`;
  if (!isAdded) return `"${field.name}" ${type} NOT NULL`;
  return `"${field.name}" ${type} DEFAULT ${zeroLiteral(field, database)}`;
}

function zeroLiteral({ type, isList }: ColumnModel["field"], database: Database): string {
  if (isList) return database === "duckdb" ? "[]" : "'{}'";
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
    case "ip":
      return database === "postgres" ? "'::'" : "0";
    case "mac":
      return database === "postgres" ? "'00:00:00:00:00:00'" : "0";
    default:
      return "0";
  }
}
