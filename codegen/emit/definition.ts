import type { DatabaseEmitter } from "../databases/database-emitter.js";
import { DATABASES } from "../databases/databases.js";
import type { PluginModel } from "../model/plugin-model.js";
import { code, indent, type Line, runtimeType } from "./code.js";
import type { Emitter } from "./emitter.js";

/** Writes `<scheme>.ts`: the definition of each event's table in each database. */
export const definitions: Emitter = {
  emit({ plugins }, output) {
    for (const plugin of plugins) {
      for (const database of DATABASES) {
        const source = `${plugin.message.desc.file.name}.proto`;
        output.typescript(`${plugin.folder}/${database.scheme}.ts`, source, emitDefinition(plugin, database));
      }
    }
  },
};

/** Name of the constant with the definition of a plugin's table. */
export function definitionName({ variable }: PluginModel, { scheme }: DatabaseEmitter): string {
  return `${variable}${scheme.charAt(0).toUpperCase()}${scheme.slice(1)}`;
}

function emitDefinition(plugin: PluginModel, database: DatabaseEmitter): Line[] {
  const { table } = plugin;
  const definition = runtimeType("TableDefinition", "schema/table-definition");
  return [
    `/** Table \`${table.name}\`. */`,
    code`export const ${definitionName(plugin, database)}: ${definition} = {`,
    ...indent([
      `create: ${JSON.stringify(database.createTable(table))},`,
      "addColumn: {",
      ...indent(
        table.columns.map((column) => `${column.field.name}: ${JSON.stringify(database.addColumn(table, column))},`),
      ),
      "},",
    ]),
    "};",
  ];
}
