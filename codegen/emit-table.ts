import type { EventModel } from "./model.js";

/** Writes `table.ts`: the columns. */
export function emitTable(model: EventModel): string {
  const { version } = model.table;
  return [
    'import type { Column, EventTable } from "../../runtime/schema/event-table.js";',
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
    "};",
    "",
  ].join("\n");
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
