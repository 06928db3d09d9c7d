import { SEMANTIC_TYPES } from "../runtime/schema/semantic-type.js";
import { emitCases, readNumber } from "./emit-decode.js";
import type { ColumnModel, EventModel, FieldModel } from "./model.js";
import { tagOf, VARINT } from "./wire-type.js";

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

/** The class of an event's column batch. */
export function emitColumns(model: EventModel): string[] {
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

/** The function that reads the fields of one message into columns. */
export function emitReadFields(
  name: string,
  fields: readonly FieldModel[],
  model: EventModel,
  before: readonly string[],
): string[] {
  const lists = fields.filter((field) => field.isList);
  // A row of the epoch says so; one without a time does not.
  const isTimed = name === "Observation";
  return [
    "",
    `function read${name}(cursor: WireCursor, columns: ${model.name}Columns, row: number): void {`,
    ...lists.map((field) => `  columns.${field.property}.starts[row] = columns.${field.property}.itemCount;`),
    ...(isTimed ? ["  let hasTime = false;"] : []),
    "  while (cursor.position < cursor.end) {",
    "    const tag = cursor.varint32();",
    "    switch (tag) {",
    ...before,
    ...fields.flatMap((field) => emitReadField(field, isTimed && field.name === "time" ? ["hasTime = true;"] : [])),
    "      default:",
    "        cursor.skip(tag);",
    "    }",
    "  }",
    ...lists.flatMap(({ property, name, maxItems }) => [
      `  columns.${property}.lengths[row] = columns.${property}.itemCount - columns.${property}.starts[row]!;`,
      `  if (columns.${property}.lengths[row]! > ${maxItems}) cursor.refuse("${name}", "has more than ${maxItems} items");`,
    ]),
    ...(isTimed ? ['  if (!hasTime) cursor.refuse("time", "is missing");'] : []),
    "}",
  ];
}

function emitReadField(field: FieldModel, onRead: readonly string[]): string[] {
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
    ...onRead,
    ...refuseBeyond63Bits(field),
    `${column}.words[row * 2] = cursor.low;`,
    `${column}.words[row * 2 + 1] = cursor.high;`,
    ...valid,
  ];
  if (physical === "word2" && field.recordKind === "number") {
    const tag = tagOf(field, VARINT);
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
    () => (field.type === "port" ? `cursor.port(${JSON.stringify(field.name)})` : readNumber(field)),
    physical === "slice"
      ? [`if (length > ${field.maxBytes}) cursor.refuseLength("${field.name}", length, ${field.maxBytes});`]
      : [],
  );
}

/** Databases keep times and durations as signed numbers. */
function refuseBeyond63Bits({ type, name }: FieldModel): string[] {
  if (type === "timestamp") return [`if (cursor.high > 0x7fffffff) cursor.refuse("${name}", "is after 2262-04-11");`];
  if (type === "duration")
    return [`if (cursor.high > 0x7fffffff) cursor.refuse("${name}", "is longer than 292 years");`];
  return [];
}

/** The function that reads rows into columns. */
export function emitReadRows(model: EventModel): string[] {
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
    '    if (isZero(columns.id.words, row * 4)) cursor.refuse("id", "is missing");',
    "    cursor.end = end;",
    "    row++;",
    "  }",
    "  columns.rowCount = row;",
    "  return cursor.position;",
    "}",
  ];
}
