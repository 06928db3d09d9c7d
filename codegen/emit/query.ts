import { LIST_OPERATORS, type Operator } from "../../runtime/schema/operators.js";
import { SEMANTIC_TYPES } from "../../runtime/schema/semantic-types.js";
import type { FieldModel } from "../model/field-model.js";
import type { PluginModel } from "../model/plugin-model.js";
import type { TableModel } from "../model/table-model.js";
import { code, generated, indent, type Line, runtime, runtimeType } from "./code.js";
import type { Emitter } from "./emitter.js";
import { tableName } from "./table.js";

/** Writes `query.ts`: the filters, orderings and path templates of each event's table. */
export const queries: Emitter = {
  emit({ plugins }, output) {
    for (const plugin of plugins) {
      output.typescript(`${plugin.folder}/query.ts`, `${plugin.message.desc.file.name}.proto`, emitQuery(plugin));
    }
  },
};

/** Name of the constant with the query options of a plugin's table. */
export function queryName({ variable }: PluginModel): string {
  return `${variable}Query`;
}

/** Operators of a column's filter parameters. */
export function operatorsOf({ type, isList, isNullable }: FieldModel): readonly Operator[] {
  const operators = isList ? LIST_OPERATORS : SEMANTIC_TYPES[type].operators;
  return isNullable ? [...operators, "is_null"] : operators;
}

function emitQuery(plugin: PluginModel): Line[] {
  const { table } = plugin;
  const fields = table.columns.map(({ field }) => field);
  const ordered = fields.filter(({ type, isList }) => !isList && SEMANTIC_TYPES[type].isOrdered);
  const defineQuery = runtime("defineQuery", "schema/define-query");
  return [
    `/** Query options of \`${table.name}\`. */`,
    code`export const ${queryName(plugin)}: ${runtimeType("EventQuery", "schema/event-table")} = ${defineQuery}(${generated(tableName(plugin), `${plugin.folder}/table`)}, {`,
    ...indent([
      "filters: {",
      ...indent(fields.map((field) => `${field.name}: ${JSON.stringify(operatorsOf(field))},`)),
      "},",
      `orderings: ${JSON.stringify(ordered.map(({ name }) => name))},`,
      "paths: {",
      ...indent(pathsOf(table)),
      "},",
    ]),
    "});",
  ];
}

/** Path templates: one for each field whose annotation declares a collection. */
function pathsOf({ name: resource, columns }: TableModel): string[] {
  return columns.flatMap(({ field: { name, annotation } }) =>
    annotation.path === undefined
      ? []
      : [`${name}: ${JSON.stringify(`/v1/${annotation.path}/{${name}}/${resource}`)},`],
  );
}
