import type { PluginModel } from "../model/plugin-model.js";
import { code, generated, type Line, runtimeType } from "./code.js";
import { emitColumns, emitReadFields, emitReadRows } from "./columns.js";
import { emitDecode } from "./decode.js";
import type { Emitter } from "./emitter.js";
import { emitBound, emitEncode, emitEncodeRow } from "./encode.js";
import { moduleOf } from "./generated-modules.js";
import { recordName } from "./record.js";

/** Writes the codecs: from a record to wire bytes, from wire bytes to a record, and for an event from wire bytes to columns. */
export const codecs: Emitter = {
  emit({ groups, plugins }, output) {
    for (const group of groups) {
      const lines = [...emitBound(group), ...emitEncode(group), ...emitDecode(group)];
      output.typescript(`${moduleOf(group, "codec")}.ts`, `${group.desc.file.name}.proto`, lines.slice(1));
    }
    for (const plugin of plugins) {
      const { message } = plugin;
      output.typescript(
        `${moduleOf(message, "codec")}.ts`,
        `${message.desc.file.name}.proto`,
        emitCodec(plugin).slice(1),
      );
    }
  },
};

/** Name of the constant with a plugin's codec. */
export function codecName({ variable }: PluginModel): string {
  return `${variable}Codec`;
}

function emitCodec(plugin: PluginModel): Line[] {
  const { message, table } = plugin;
  const { name } = message;
  const codec = runtimeType("EventCodec", "plugin/plugin");
  const record = generated(recordName(message), moduleOf(message, "record"));
  return [
    ...emitBound(message),
    ...emitEncode(message),
    ...emitEncodeRow(message),
    ...emitDecode(message),
    ...emitColumns(name, table),
    ...emitReadFields(message),
    ...emitReadRows(name),
    "",
    `/** Conversions of {@link ${recordName(message)}}. */`,
    code`export const ${codecName(plugin)}: ${codec}<${record}> = {`,
    code`  createRecord: () => new ${record}(),`,
    `  encode: encode${name}Row,`,
    `  encodeObserved: encodeObserved${name}Row,`,
    "  decode: decodeRecord,",
    `  createColumns: () => new ${name}Columns(),`,
    `  read: read${name}Rows,`,
    "};",
  ];
}
