import type { ColumnStatement } from "../../runtime/schema/define-columns.js";
import type { FieldModel } from "../model/field-model.js";
import { type IncludedGroup, type MessageModel, OBSERVATION } from "../model/message-model.js";
import type { PluginModel } from "../model/plugin-model.js";
import { camelCase, lowerFirst } from "../names.js";
import { FIRST_OWN_NUMBER, GROUP_NUMBERS } from "../read/schema-lock.js";
import { code, generated, indent, type Line, runtime, runtimeType } from "./code.js";
import type { Emitter } from "./emitter.js";
import { enumModuleOf, moduleOf } from "./generated-modules.js";

/** Writes the columns of each group, and the table of each event. */
export const tables: Emitter = {
  emit({ groups, plugins }, output) {
    for (const group of groups) {
      output.typescript(`${moduleOf(group, "fields")}.ts`, `${group.desc.file.name}.proto`, emitGroup(group));
    }
    for (const plugin of plugins) {
      output.typescript(`${plugin.folder}/table.ts`, `${plugin.message.desc.file.name}.proto`, emitTable(plugin));
    }
  },
};

/** Name of the constant with a plugin's table. */
export function tableName({ variable }: PluginModel): string {
  return `${variable}Table`;
}

function fieldsName({ name }: MessageModel): string {
  return `${lowerFirst(name)}Fields`;
}

function emitGroup(group: MessageModel): Line[] {
  const statement = runtimeType("ColumnStatement", "schema/define-columns");
  return [
    `/** The fields of ${group.name}, which are columns of each table whose event includes it. */`,
    `export const ${fieldsName(group)} = {`,
    ...indent(group.fields.map(emitField)),
    code`} satisfies Record<string, ${statement}>;`,
  ];
}

function emitTable(plugin: PluginModel): Line[] {
  const { message, table } = plugin;
  const defineColumns = runtime("defineColumns", "schema/define-columns");
  const { name, title, description, columns, retentionSeconds } = table;
  return [
    "const columns = {",
    ...indent([
      ...message.groups.map(
        (group) =>
          code`...${defineColumns}(${placeOf(group)}, ${generated(fieldsName(group.message), moduleOf(group.message, "fields"))}),`,
      ),
      code`...${defineColumns}({ firstNumber: ${FIRST_OWN_NUMBER} }, {`,
      ...indent(message.fields.map(emitField)),
      "}),",
    ]),
    "};",
    "",
    `/** Table \`${name}\`. */`,
    code`export const ${tableName(plugin)}: ${runtimeType("EventTable", "schema/event-table")} = {`,
    ...indent([
      `resource: ${JSON.stringify(name)},`,
      `title: ${JSON.stringify(title)},`,
      `description: ${JSON.stringify(description)},`,
      `eventType: ${JSON.stringify(message.desc.typeName)},`,
      `version: ${columns.length},`,
      ...(retentionSeconds === undefined ? [] : [`retentionSeconds: ${retentionSeconds},`]),
      "columns: [",
      ...indent(columns.map(({ field }) => `columns.${field.name},`)),
      "],",
    ]),
    "};",
  ];
}

function placeOf({ property, number, message }: IncludedGroup): string {
  const firstNumber = message.desc.typeName === OBSERVATION ? 0 : number * GROUP_NUMBERS;
  return `{ property: ${JSON.stringify(property)}, firstNumber: ${firstNumber} }`;
}

/** A member of a record of {@link ColumnStatement}s. */
function emitField(field: FieldModel): Line {
  const { name, property, number, type, isList, isNullable, enumModel, flagValues, description } = field;
  const stated: Omit<ColumnStatement, "enumValues"> = {
    number,
    type,
    ...(isList ? { isList } : {}),
    ...(isNullable ? { isNullable } : {}),
    ...(description === "" ? {} : { description }),
    ...(Object.keys(field.annotation).length === 0 ? {} : { annotation: field.annotation }),
    ...(Object.keys(field.foreignAnnotations).length === 0 ? {} : { foreignAnnotations: field.foreignAnnotations }),
    ...(property === camelCase(name) ? {} : { property }),
  };
  const members: Line[] = Object.entries(stated).map(([key, value]) => `${key}: ${literal(value)}, `);
  if (enumModel !== undefined)
    members.push(code`enumValues: ${generated(enumModel.valuesName, enumModuleOf(enumModel))}, `);
  else if (flagValues.length > 0) members.push(`enumValues: ${literal(flagValues)}, `);
  return [`${name}: { `, ...members, "},"];
}

/** A JSON value as a TypeScript literal with plain member names, such as `{ maxBytes: 20 }`. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)}: ${literal(member)}`,
  );
  return `{ ${members.join(", ")} }`;
}
