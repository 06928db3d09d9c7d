import { emitColumns, emitReadFields, emitReadRows } from "./emit-columns.js";
import { emitDecode } from "./emit-decode.js";
import { emitBound, emitEncode, emitEncodeRow } from "./emit-encode.js";
import type { EventModel, RecordModel } from "./model.js";

/** Writes `observation-codec.ts`: what every event's codec calls for its observation. */
export function emitObservationCodec(model: RecordModel): string {
  const body = [...emitBound(model), ...emitEncode(model), ...emitDecode(model)];
  return [
    ...importsFor(body.join("\n"), "../../../runtime", []),
    'import type { ObservationRecord } from "./observation-record.js";',
    ...body,
    "",
  ].join("\n");
}

/** Writes `codec.ts`: a record to wire bytes, wire bytes to a record, and wire bytes to columns. */
export function emitCodec(model: EventModel, observation: RecordModel): string {
  const body = [
    ...emitBound(model),
    ...emitEncode(model),
    ...emitEncodeRow(model),
    ...emitDecode(model),
    ...emitColumns(model),
    ...emitReadFields("Observation", observation.fields, model, []),
    ...emitReadFields(model.name, model.fields, model, [
      "      case 10: {",
      "        const outer = cursor.end;",
      "        cursor.end = cursor.length() + cursor.position;",
      "        readObservation(cursor, columns, row);",
      "        cursor.end = outer;",
      "        break;",
      "      }",
    ]),
    ...emitReadRows(model),
    "",
    `/** Conversions of {@link ${model.recordName}}. */`,
    `export const ${model.variable}Codec: EventCodec<${model.recordName}> = {`,
    `  createRecord: () => new ${model.recordName}(),`,
    `  encode: encode${model.name}Row,`,
    `  encodeObserved: encodeObserved${model.name}Row,`,
    "  decode: decodeRecord,",
    `  createColumns: () => new ${model.name}Columns(),`,
    `  read: read${model.name}Rows,`,
    "};",
  ];
  const text = body.join("\n");
  return [
    'import type { EventCodec } from "../../runtime/plugin/plugin.js";',
    ...importsFor(text, "../../runtime", ["ColumnBatch", "PhysicalColumn"]),
    'import { boundObservation, decodeObservation, encodeObservation } from "../wireloom/v1/observation-codec.js";',
    `import { ${model.recordName} } from "./record.js";`,
    text,
    "",
  ].join("\n");
}

/** Imports of the runtime names that a generated text uses. */
function importsFor(text: string, runtime: string, types: readonly string[]): string[] {
  const modules: [string, string[]][] = [
    ["protobuf/batch-writer.js", ["BatchWriter"]],
    [
      "record/columns.js",
      [
        "COLUMN_CAPACITY",
        "NumberColumn",
        "NumberListColumn",
        "SliceColumn",
        "SliceListColumn",
        "WordColumn",
        "WordListColumn",
        "ColumnBatch",
        "PhysicalColumn",
      ],
    ],
    [
      "protobuf/number-field.js",
      [
        "writeAddress",
        "writeNumber",
        "writeNumberItem",
        "writeOptionalNumber",
        "writeOptionalZigzag",
        "writeZigzag",
        "writeZigzagItem",
      ],
    ],
    [
      "protobuf/value-range.js",
      ["DURATION", "ENUM", "INT32", "INT64", "PORT", "UINT32", "UINT64", "refuseLength", "refuseValue"],
    ],
    [
      "protobuf/varint.js",
      ["closeLength", "writeDouble", "writeFixed32", "writeSlice", "writeText", "writeUint32", "zigzag"],
    ],
    ["protobuf/wire-cursor.js", ["WireCursor"]],
    ["record/word-values.js", ["isZero", "wordsFrom16", "wordsFromAddress", "wordsFromMac"]],
  ];
  const lines: string[] = [];
  for (const [path, names] of modules) {
    const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
    const values = used.map((name) => (types.includes(name) || name === "BatchWriter" ? `type ${name}` : name));
    if (used.length > 0) lines.push(`import { ${values.join(", ")} } from "${runtime}/${path}";`);
  }
  return lines;
}
