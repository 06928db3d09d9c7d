import type { DatabaseEmitter } from "./databases/database-emitter.js";
import type { EventModel } from "./model.js";

/** Name of the constant that {@link emitDefinition} exports. */
export function definitionName({ variable }: EventModel, { scheme }: DatabaseEmitter): string {
  return `${variable}${scheme.charAt(0).toUpperCase()}${scheme.slice(1)}`;
}

/** Writes `<scheme>.ts`: the table's definition in one database, and what each later version adds. */
export function emitDefinition(event: EventModel, database: DatabaseEmitter): string {
  const { version } = event.table;
  const migrations = Array.from({ length: version - 1 }, (_, i) => database.addColumns(event, i + 2));
  return [
    'import type { TableDefinition } from "../../runtime/schema/table-definition.js";',
    "",
    `/** Table \`${event.resource}\`, version ${version}. */`,
    `export const ${definitionName(event, database)}: TableDefinition = ${JSON.stringify({ create: database.createTable(event), migrations }, null, 2)};`,
    "",
  ].join("\n");
}
