import { SEMANTIC_TYPES } from "../../runtime/schema/semantic-types.js";
import { isSlice, STORAGE_WORDS, type StorageForm } from "../../runtime/schema/storage-form.js";
import type { FieldModel } from "../model/field-model.js";
import { type MessageModel, OBSERVATION } from "../model/message-model.js";
import type { TableModel } from "../model/table-model.js";
import { code, indent, type Line, runtime, runtimeType } from "./code.js";
import { emitCases, emitLoop, emitMessageCase, readNumber } from "./decode.js";
import { emitIsBeyond, isNarrow, isSigned, rangeOf } from "./field-range.js";
import { tagOf, VARINT } from "./wire-type.js";

const COLUMNS = "record/columns";

/** Typed arrays by storage form, for columns of numbers. */
const ARRAYS: Readonly<Partial<Record<StorageForm, string>>> = {
  bool: "Uint8Array",
  u16: "Uint16Array",
  u32: "Uint32Array",
  i32: "Int32Array",
  f64: "Float64Array",
};

function columnInitializer({ type, isList }: FieldModel): Line {
  const { storage } = SEMANTIC_TYPES[type];
  const list = isList ? "List" : "";
  const words = STORAGE_WORDS[storage];
  if (words !== undefined) return code`new ${runtime(`Word${list}Column`, COLUMNS)}(${words})`;
  if (isSlice(storage)) return code`new ${runtime(`Slice${list}Column`, COLUMNS)}(${String(storage === "text")})`;
  const capacity = runtime("COLUMN_CAPACITY", COLUMNS);
  return code`new ${runtime(`Number${list}Column`, COLUMNS)}(new ${ARRAYS[storage]!}(${capacity}))`;
}

/** The class of an event's column batch. */
export function emitColumns(name: string, { columns }: TableModel): Line[] {
  const fields = columns.map(({ field }) => field);
  const required = fields.filter(({ isNullable, isList }) => !isNullable && !isList);
  return [
    "",
    `/** Rows of ${name} as columns. */`,
    code`export class ${name}Columns implements ${runtimeType("ColumnBatch", COLUMNS)} {`,
    ...indent([
      "bytes: Uint8Array = new Uint8Array(0);",
      "rowCount = 0;",
      ...fields.map((field) => code`readonly ${field.property} = ${columnInitializer(field)};`),
      code`readonly columns: readonly ${runtimeType("PhysicalColumn", COLUMNS)}[] = [`,
      ...fields.map(({ property }) => `  this.${property},`),
      "];",
      "",
      "constructor() {",
      ...required.map(({ property }) => `  this.${property}.valid.fill(1);`),
      "}",
      "",
      "reset(): void {",
      "  this.rowCount = 0;",
      ...fields.flatMap((field) => resetsOf(field).map((line) => `  this.${field.property}.${line}`)),
      "}",
    ]),
    "}",
  ];
}

function resetsOf({ type, isList, isNullable }: FieldModel): string[] {
  if (isList) return ["lengths.fill(0);", "itemCount = 0;"];
  const { storage } = SEMANTIC_TYPES[type];
  const member = isSlice(storage) ? "lengths" : STORAGE_WORDS[storage] !== undefined ? "words" : "values";
  return isNullable ? [`${member}.fill(0);`, "valid.fill(0);"] : [`${member}.fill(0);`];
}

/** The functions that read the fields of an event, and of each group that it includes, into columns. */
export function emitReadFields(event: MessageModel): Line[] {
  const groups = event.groups.map(({ number, message }) =>
    emitMessageCase(number, `read${message.name}Group(cursor, columns, row);`),
  );
  return [
    ...event.groups.flatMap(({ message }) => emitReadMessage(`${message.name}Group`, message, event, [])),
    ...emitReadMessage(event.name, event, event, groups.flat()),
  ];
}

function emitReadMessage(
  name: string,
  { desc, fields }: MessageModel,
  event: MessageModel,
  groups: readonly Line[],
): Line[] {
  const lists = fields.filter((field) => field.isList);
  // A time of 0 is written explicitly, and a row without a time is refused.
  const isTimed = desc.typeName === OBSERVATION;
  const cursor = runtimeType("WireCursor", "protobuf/wire-cursor");
  return [
    "",
    code`function read${name}(cursor: ${cursor}, columns: ${event.name}Columns, row: number): void {`,
    ...indent([
      ...lists.map(({ property }) => `columns.${property}.starts[row] = columns.${property}.itemCount;`),
      ...(isTimed ? ["let hasTime = false;"] : []),
      ...emitLoop([
        ...groups,
        ...fields.flatMap((field) => emitReadField(field, isTimed && field.name === "time" ? ["hasTime = true;"] : [])),
      ]),
      ...lists.flatMap(({ property, name: list, maxItems }) => [
        `columns.${property}.lengths[row] = columns.${property}.itemCount - columns.${property}.starts[row]!;`,
        `if (columns.${property}.lengths[row]! > ${maxItems}) cursor.refuse("${list}", "has more than ${maxItems} items");`,
      ]),
      ...(isTimed ? ['if (!hasTime) cursor.refuse("time", "is missing");'] : []),
    ]),
    "}",
  ];
}

function emitReadField(field: FieldModel, onRead: readonly Line[]): Line[] {
  const { property, name, type, isList, maxBytes } = field;
  const column = `columns.${property}`;
  const { storage, wire } = SEMANTIC_TYPES[type];
  const valid = field.isNullable ? [`${column}.valid[row] = 1;`] : [];
  const width = STORAGE_WORDS[storage];
  const storeWords = [
    ...onRead,
    ...refuseBeyond(field),
    `${column}.words[row * 2] = cursor.low;`,
    `${column}.words[row * 2 + 1] = cursor.high;`,
    ...valid,
  ];
  if (width === 2 && field.recordKind === "number") {
    return [`case ${tagOf(field.number, VARINT)}:`, ...indent(["cursor.varint64();", ...storeWords, "break;"])];
  }
  const words = (at: string): Line[] => {
    if (wire.words === undefined) return [];
    const length = wire.words === "wordsFromAddress" ? ", length" : "";
    return [
      code`${runtime(wire.words, "record/word-values")}(${column}.words, ${at}, cursor.bytes, cursor.position${length});`,
    ];
  };
  const isOfBytes = isSlice(storage);
  return emitCases(field, {
    slice: isOfBytes
      ? [`${column}.starts[row] = cursor.position;`, `${column}.lengths[row] = length;`, ...valid]
      : [...words(`row * ${width ?? 0}`), ...valid],
    sliceItem: isOfBytes ? [`${column}.push(cursor.position, length);`] : words(`${column}.reserveItem()`),
    store: (value) => {
      if (isList) return `${column}.push(${value});`;
      const stored = storage === "bool" ? `${value} === 0 ? 0 : 1` : value;
      return [`${column}.values[row] = ${stored};`, ...valid].join(" ");
    },
    storeWords,
    read: readInRange(field),
    checks: isOfBytes ? [`if (length > ${maxBytes}) cursor.refuseLength("${name}", length, ${maxBytes});`] : [],
  });
}

/** The call that reads a number of 32 bits, and refuses one that is not in the range of its type. */
function readInRange(field: FieldModel): string {
  const read = readNumber(field);
  if (!isNarrow(field)) return read;
  const { minimum, maximum } = rangeOf(field)!;
  return `cursor.inRange(${read}, ${minimum}, ${maximum}, "${field.name}")`;
}

/** Refuses a number in two words that is not in the range of its type. */
function refuseBeyond(field: FieldModel): string[] {
  const isBeyond = emitIsBeyond(field);
  if (isBeyond === "") return [];
  const { minimum, maximum } = rangeOf(field)!;
  return [`if (${isBeyond}) cursor.refuseWords("${field.name}", ${isSigned(field)}, ${minimum}n, ${maximum}n);`];
}

/** The function that reads rows into columns. */
export function emitReadRows(name: string): Line[] {
  const batch = runtimeType("ColumnBatch", COLUMNS);
  return [
    "",
    "/** Replaces the batch's rows by the next ones of `bytes[start, end)` and returns the position after them. */",
    code`export function read${name}Rows(bytes: Uint8Array, start: number, end: number, batch: ${batch}): number {`,
    ...indent([
      "// A batch comes from this codec's createColumns, as the interface says.",
      `const columns = batch as ${name}Columns;`,
      "columns.reset();",
      "columns.bytes = bytes;",
      "cursor.open(bytes, start, end);",
      "let row = 0;",
      code`while (cursor.position < end && row < ${runtime("COLUMN_CAPACITY", COLUMNS)}) {`,
      ...indent([
        "const tag = cursor.varint32();",
        "if (tag !== 10) {",
        "  cursor.skip(tag);",
        "  continue;",
        "}",
        "cursor.end = cursor.length() + cursor.position;",
        `read${name}(cursor, columns, row);`,
        code`if (${runtime("isZero", "record/word-values")}(columns.id.words, row * 4)) cursor.refuse("id", "is missing");`,
        "cursor.end = end;",
        "row++;",
      ]),
      "}",
      "columns.rowCount = row;",
      "return cursor.position;",
    ]),
    "}",
  ];
}
