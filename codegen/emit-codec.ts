import { ScalarType } from "@bufbuild/protobuf";
import { SEMANTIC_TYPES } from "../runtime/schema/semantic-type.js";
import type { ColumnModel, EventModel, FieldModel, RecordModel } from "./model.js";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/** Longest tag and longest scalar, in bytes. */
const SCALAR_BOUND = 12;
/** Longest tag and length prefix, in bytes. */
const PREFIX_BOUND = 7;

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
    ["wire/batch-writer.js", ["BatchWriter"]],
    [
      "wire/columns.js",
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
      "wire/varint.js",
      ["closeLength", "writeDouble", "writeFixed32", "writeSignedVarint", "writeSlice", "writeVarint", "zigzag"],
    ],
    ["wire/wire-cursor.js", ["WireCursor"]],
    ["wire/word-values.js", ["wordsFrom16", "wordsFromAddress", "wordsFromMac"]],
  ];
  const lines: string[] = [];
  for (const [path, names] of modules) {
    const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
    const values = used.map((name) => (types.includes(name) || name === "BatchWriter" ? `type ${name}` : name));
    if (used.length > 0) lines.push(`import { ${values.join(", ")} } from "${runtime}/${path}";`);
  }
  return lines;
}

function suffix(model: RecordModel): string {
  return model.recordName === "ObservationRecord" ? "Observation" : "Record";
}

function emitBound(model: RecordModel): string[] {
  const parts: string[] = [];
  let fixed = 0;
  for (const field of model.fields) {
    const value = `record.${field.property}`;
    fixed += field.recordKind === "bytes" || field.isList ? PREFIX_BOUND : SCALAR_BOUND;
    if (field.recordKind === "bytes") parts.push(`${value}.length`);
    if (field.recordKind === "numberList") parts.push(`${value}.length * 10`);
    if (field.recordKind === "byteList") parts.push(`${value}.arena.length + ${value}.length * ${PREFIX_BOUND}`);
  }
  const isObservation = suffix(model) === "Observation";
  if (!isObservation) parts.push(`boundObservation(record.observation) + ${2 * PREFIX_BOUND}`);
  return [
    "",
    "/** Bytes that the encoded record has at most. */",
    `${isObservation ? "export " : ""}function bound${suffix(model)}(record: ${model.recordName}): number {`,
    `  return ${[String(fixed), ...parts].join(" + ")};`,
    "}",
  ];
}

function emitEncode(model: RecordModel): string[] {
  const isObservation = suffix(model) === "Observation";
  const name = isObservation ? "encodeObservation" : "encodeFields";
  return [
    "",
    `/** Writes the record's fields${isObservation ? "" : ", without its observation,"} at \`at\`, where there is room, and returns the position after them. */`,
    `${isObservation ? "export " : ""}function ${name}(record: ${model.recordName}, bytes: Uint8Array, at: number): number {`,
    ...model.fields.flatMap(emitEncodeField).map((line) => `  ${line}`),
    "  return at;",
    "}",
  ];
}

function wireType(field: FieldModel): number {
  if (field.recordKind === "bytes" || field.isList) return LENGTH_DELIMITED;
  return field.type === "timestamp" || field.type === "double" ? FIXED64 : VARINT;
}

function emitTag(field: FieldModel): string[] {
  const tag = (field.number << 3) | wireType(field);
  return tag < 128 ? [`bytes[at++] = ${tag};`] : [`bytes[at++] = ${(tag & 127) | 128};`, `bytes[at++] = ${tag >> 7};`];
}

function emitEncodeField(field: FieldModel): string[] {
  const value = `record.${field.property}`;
  const tag = emitTag(field);
  const indent = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  switch (field.recordKind) {
    case "bytes": {
      const condition = field.isNullable ? `${value}.isPresent` : `${value}.length > 0`;
      return [
        `if (${condition}) {`,
        ...indent(tag),
        `  at = writeSlice(bytes, at, ${value}.bytes, 0, ${value}.length);`,
        "}",
      ];
    }
    case "timestamp":
      return [
        `if (${value}.isPresent) {`,
        ...indent(tag),
        `  at = writeFixed32(bytes, at, ${value}.low);`,
        `  at = writeFixed32(bytes, at, ${value}.high);`,
        "}",
      ];
    case "byteList":
      return [
        `for (let i = 0, start = 0; i < ${value}.length; i++) {`,
        ...indent(tag),
        `  const end = ${value}.ends[i]!;`,
        `  at = writeSlice(bytes, at, ${value}.arena.bytes, start, end);`,
        "  start = end;",
        "}",
      ];
    case "numberList":
      return [
        `if (${value}.length > 0) {`,
        ...indent(tag),
        "  const from = at;",
        "  at++;",
        `  for (let i = 0; i < ${value}.length; i++) ${emitWriteNumber(field, `${value}.values[i]!`)}`,
        "  at = closeLength(bytes, from, 1, at);",
        "}",
      ];
    case "boolean": {
      const condition = field.isNullable ? `${value} !== null` : value;
      return [
        `if (${condition}) {`,
        ...indent(tag),
        `  bytes[at++] = ${field.isNullable ? `${value} ? 1 : 0` : "1"};`,
        "}",
      ];
    }
    case "number": {
      const local = field.property === "at" || field.property === "bytes" ? `${field.property}Value` : field.property;
      const absent = field.isNullable
        ? `${local} !== null`
        : `${local} !== 0${field.type === "double" ? ` || Object.is(${local}, -0)` : ""}`;
      return [
        "{",
        `  const ${local} = ${value};`,
        `  if (${absent}) {`,
        ...indent(indent(tag)),
        `    ${emitWriteNumber(field, local)}`,
        "  }",
        "}",
      ];
    }
  }
}

function isZigzag(field: FieldModel): boolean {
  return field.desc.scalar === ScalarType.SINT32;
}

function emitWriteNumber(field: FieldModel, value: string): string {
  if (field.type === "double") return `at = writeDouble(bytes, at, ${value});`;
  if (isZigzag(field)) return `at = writeVarint(bytes, at, zigzag(${value}));`;
  if (["int32", "int64", "enum"].includes(field.type)) return `at = writeSignedVarint(bytes, at, ${value});`;
  return `at = writeVarint(bytes, at, ${value});`;
}

function emitEncodeRow(model: EventModel): string[] {
  const { name, recordName } = model;
  const open = ["  const { bytes } = writer;", "  const at = writer.position;", "  bytes[at] = 10;"];
  const close = [
    "  writer.position = closeLength(bytes, at + 1, lengthBytes, end);",
    "  lengthBytes += writer.position - end;",
    "  writer.rowCount++;",
    "}",
  ];
  return [
    "",
    "/** Length prefix that the last row needed: the next row most likely needs the same. */",
    "let lengthBytes = 2;",
    "",
    "/** Appends the record as one item of `repeated rows = 1`. */",
    `export function encode${name}Row(record: ${recordName}, writer: BatchWriter): void {`,
    "  writer.ensure(boundRecord(record));",
    ...open,
    "  const observationAt = at + 1 + lengthBytes;",
    "  bytes[observationAt] = 10;",
    "  let end = encodeObservation(record.observation, bytes, observationAt + 2);",
    "  end = encodeFields(record, bytes, closeLength(bytes, observationAt + 1, 1, end));",
    ...close,
    "",
    `/** As {@link encode${name}Row}, with the encoded observation field taken from \`observation[start, stop)\`. */`,
    `function encodeObserved${name}Row(`,
    `  record: ${recordName},`,
    "  observation: Uint8Array,",
    "  start: number,",
    "  stop: number,",
    "  writer: BatchWriter,",
    "): void {",
    "  writer.ensure(boundRecord(record) + stop - start);",
    ...open,
    "  let end = at + 1 + lengthBytes;",
    "  for (let i = start; i < stop; i++) bytes[end++] = observation[i]!;",
    "  end = encodeFields(record, bytes, end);",
    ...close,
  ];
}

function emitDecode(model: RecordModel): string[] {
  const isObservation = suffix(model) === "Observation";
  const lines: string[] = [];
  if (isObservation) {
    lines.push("", "/** Fills an observation at its zero values from the message that the cursor is on. */");
    lines.push(`export function decodeObservation(cursor: WireCursor, record: ${model.recordName}): void {`);
  } else {
    lines.push("", "const cursor = new WireCursor();", "");
    lines.push(
      `function decodeRecord(bytes: Uint8Array, start: number, end: number, record: ${model.recordName}): void {`,
    );
    lines.push("  cursor.open(bytes, start, end);");
  }
  lines.push("  while (cursor.position < cursor.end) {", "    const tag = cursor.varint32();", "    switch (tag) {");
  if (!isObservation) {
    lines.push(
      "      case 10: {",
      "        const outer = cursor.end;",
      "        cursor.end = cursor.length() + cursor.position;",
      "        decodeObservation(cursor, record.observation);",
      "        cursor.end = outer;",
      "        break;",
      "      }",
    );
  }
  for (const field of model.fields) lines.push(...emitDecodeField(field));
  lines.push("      default:", "        cursor.skip(tag);", "    }", "  }", "}");
  return lines;
}

function emitDecodeField(field: FieldModel): string[] {
  const target = `record.${field.property}`;
  return emitCases(
    field,
    () => [`${target}.set(cursor.bytes, cursor.position, cursor.position + length);`],
    () => [`${target}.push(cursor.bytes, cursor.position, cursor.position + length);`],
    (value) =>
      field.isList ? `${target}.push(${value});` : `${target} = ${field.type === "bool" ? `${value} !== 0` : value};`,
    () => [`${target}.low = cursor.low;`, `${target}.high = cursor.high;`],
    () => readNumber(field),
  );
}

function readNumber(field: FieldModel): string {
  if (field.type === "double") return "cursor.double()";
  if (field.type === "uint64" || field.type === "duration") return "cursor.varintNumber()";
  if (field.type === "int64") return "cursor.signedVarintNumber()";
  if (isZigzag(field)) return "cursor.zigzag32()";
  if (field.type === "int32" || field.type === "enum") return "cursor.varint32() | 0";
  return "cursor.varint32()";
}

/** The `case` clauses that read one field; a list of numbers comes packed or one by one. */
function emitCases(
  field: FieldModel,
  slice: () => string[],
  sliceItem: () => string[],
  store: (value: string) => string,
  storeTime: () => string[],
  read: () => string,
): string[] {
  const tag = (field.number << 3) | wireType(field);
  if (field.recordKind === "bytes" || field.recordKind === "byteList") {
    const checks: string[] = [];
    if (field.type === "text") checks.push("cursor.checkText(length);");
    if (field.type === "ip") checks.push("cursor.checkAddress(length);");
    if (field.type === "mac") checks.push("cursor.checkLength(length, 6);");
    if (field.type === "uuid") checks.push("cursor.checkLength(length, 16);");
    return [
      `      case ${tag}: {`,
      "        const length = cursor.length();",
      ...[...checks, ...(field.isList ? sliceItem() : slice())].map((line) => `        ${line}`),
      "        cursor.position += length;",
      "        break;",
      "      }",
    ];
  }
  if (field.recordKind === "timestamp") {
    return [
      `      case ${tag}:`,
      "        cursor.fixed64();",
      ...storeTime().map((line) => `        ${line}`),
      "        break;",
    ];
  }
  if (!field.isList) return [`      case ${tag}:`, `        ${store(read())}`, "        break;"];
  const single = (field.number << 3) | (field.type === "double" ? FIXED64 : VARINT);
  return [
    `      case ${tag}: {`,
    "        const outer = cursor.end;",
    "        cursor.end = cursor.length() + cursor.position;",
    `        while (cursor.position < cursor.end) ${store(read())}`,
    "        cursor.end = outer;",
    "        break;",
    "      }",
    `      case ${single}:`,
    `        ${store(read())}`,
    "        break;",
  ];
}

function columnInitializer({ field }: ColumnModel): string {
  const { physical } = SEMANTIC_TYPES[field.type];
  const arrays = { u8: "Uint8Array", u16: "Uint16Array", u32: "Uint32Array", i32: "Int32Array", f64: "Float64Array" };
  switch (physical) {
    case "word2":
      return field.isList ? "new WordListColumn(2)" : "new WordColumn(2)";
    case "word4":
      return field.isList ? "new WordListColumn(4)" : "new WordColumn(4)";
    case "slice":
      return `new ${field.isList ? "SliceListColumn" : "SliceColumn"}(${field.type === "text"})`;
    default:
      return `new ${field.isList ? "NumberListColumn" : "NumberColumn"}(new ${arrays[physical]}(COLUMN_CAPACITY))`;
  }
}

function emitColumns(model: EventModel): string[] {
  const { columns } = model.table;
  const required = columns.filter(({ field }) => !field.isNullable && !field.isList);
  return [
    "",
    `/** Rows of ${model.name} as columns. */`,
    `export class ${model.name}Columns implements ColumnBatch {`,
    "  bytes: Uint8Array = new Uint8Array(0);",
    "  rowCount = 0;",
    ...columns.map((column) => `  readonly ${column.field.property} = ${columnInitializer(column)};`),
    "  readonly columns: readonly PhysicalColumn[] = [",
    ...columns.map(({ field }) => `    this.${field.property},`),
    "  ];",
    "",
    "  constructor() {",
    ...required.map(({ field }) => `    this.${field.property}.valid.fill(1);`),
    "  }",
    "",
    "  reset(): void {",
    "    this.rowCount = 0;",
    ...columns.flatMap(({ field }) => emitColumnReset(field).map((line) => `    this.${field.property}.${line}`)),
    "  }",
    "}",
  ];
}

function emitColumnReset(field: FieldModel): string[] {
  if (field.isList) return ["lengths.fill(0);", "itemCount = 0;"];
  const { physical } = SEMANTIC_TYPES[field.type];
  const values =
    physical === "slice" ? "lengths.fill(0);" : physical.startsWith("word") ? "words.fill(0);" : "values.fill(0);";
  return field.isNullable ? [values, "valid.fill(0);"] : [values];
}

function emitReadFields(
  name: string,
  fields: readonly FieldModel[],
  model: EventModel,
  before: readonly string[],
): string[] {
  const lists = fields.filter((field) => field.isList);
  return [
    "",
    `function read${name}(cursor: WireCursor, columns: ${model.name}Columns, row: number): void {`,
    ...lists.map((field) => `  columns.${field.property}.starts[row] = columns.${field.property}.itemCount;`),
    "  while (cursor.position < cursor.end) {",
    "    const tag = cursor.varint32();",
    "    switch (tag) {",
    ...before,
    ...fields.flatMap(emitReadField),
    "      default:",
    "        cursor.skip(tag);",
    "    }",
    "  }",
    ...lists.map(
      (field) =>
        `  columns.${field.property}.lengths[row] = columns.${field.property}.itemCount - columns.${field.property}.starts[row]!;`,
    ),
    "}",
  ];
}

function emitReadField(field: FieldModel): string[] {
  const column = `columns.${field.property}`;
  const { physical } = SEMANTIC_TYPES[field.type];
  const valid = field.isNullable ? [`${column}.valid[row] = 1;`] : [];
  const words = (at: string): string[] => {
    if (field.type === "ip")
      return [`wordsFromAddress(${column}.words, ${at}, cursor.bytes, cursor.position, length);`];
    if (field.type === "mac") return [`wordsFromMac(${column}.words, ${at}, cursor.bytes, cursor.position);`];
    return [`wordsFrom16(${column}.words, ${at}, cursor.bytes, cursor.position);`];
  };
  const slice = (): string[] => {
    if (physical === "slice")
      return [`${column}.starts[row] = cursor.position;`, `${column}.lengths[row] = length;`, ...valid];
    return [...words(physical === "word4" ? "row * 4" : "row * 2"), ...valid];
  };
  const sliceItem = (): string[] =>
    physical === "slice" ? [`${column}.push(cursor.position, length);`] : words(`${column}.reserveItem()`);
  const storeWords = (): string[] => [
    `${column}.words[row * 2] = cursor.low;`,
    `${column}.words[row * 2 + 1] = cursor.high;`,
    ...valid,
  ];
  if (physical === "word2" && field.recordKind === "number") {
    const tag = (field.number << 3) | VARINT;
    return [
      `      case ${tag}:`,
      "        cursor.varint64();",
      ...storeWords().map((line) => `        ${line}`),
      "        break;",
    ];
  }
  return emitCases(
    field,
    slice,
    sliceItem,
    (value) => {
      if (field.isList) return `${column}.push(${value});`;
      const stored = field.type === "bool" ? `${value} === 0 ? 0 : 1` : value;
      return [`${column}.values[row] = ${stored};`, ...valid].join(" ");
    },
    storeWords,
    () => readNumber(field),
  );
}

function emitReadRows(model: EventModel): string[] {
  return [
    "",
    "/** Replaces the batch's rows by the next ones of `bytes[start, end)` and returns where the rest starts. */",
    `export function read${model.name}Rows(bytes: Uint8Array, start: number, end: number, batch: ColumnBatch): number {`,
    "  // A batch comes from this codec's createColumns, as the interface says.",
    `  const columns = batch as ${model.name}Columns;`,
    "  columns.reset();",
    "  columns.bytes = bytes;",
    "  cursor.open(bytes, start, end);",
    "  let row = 0;",
    "  while (cursor.position < end && row < COLUMN_CAPACITY) {",
    "    const tag = cursor.varint32();",
    "    if (tag !== 10) {",
    "      cursor.skip(tag);",
    "      continue;",
    "    }",
    "    cursor.end = cursor.length() + cursor.position;",
    `    read${model.name}(cursor, columns, row);`,
    "    cursor.end = end;",
    "    row++;",
    "  }",
    "  columns.rowCount = row;",
    "  return cursor.position;",
    "}",
  ];
}
