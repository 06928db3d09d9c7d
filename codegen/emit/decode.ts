import { SEMANTIC_TYPES } from "../../runtime/schema/semantic-types.js";
import type { FieldModel } from "../model/field-model.js";
import type { MessageModel } from "../model/message-model.js";
import { code, generated, indent, type Line, runtime, runtimeType } from "./code.js";
import { recordType } from "./encode.js";
import { isWide } from "./field-range.js";
import { moduleOf } from "./generated-modules.js";
import { itemWireType, LENGTH_DELIMITED, tagOf, wireType } from "./wire-type.js";

/** The function that fills a record from wire bytes: `decode<Name>` of a group, `decodeRecord` of an event. */
export function emitDecode(message: MessageModel): Line[] {
  const head: Line[] = message.isGroup
    ? [
        "/** Fills a record at its zero values from the cursor's current message. */",
        code`export function decode${message.name}(cursor: ${runtimeType("WireCursor", "protobuf/wire-cursor")}, record: ${recordType(message)}): void {`,
      ]
    : [
        "/** Opened anew by each function that reads rows. */",
        code`const cursor = new ${runtime("WireCursor", "protobuf/wire-cursor")}();`,
        "",
        code`function decodeRecord(bytes: Uint8Array, start: number, end: number, record: ${recordType(message)}): void {`,
        "  cursor.open(bytes, start, end);",
      ];
  const cases = [
    ...message.groups.flatMap(({ property, number, message: group }) => {
      const decode = generated(`decode${group.name}`, moduleOf(group, "codec"));
      return emitMessageCase(number, code`${decode}(cursor, record.${property});`);
    }),
    ...message.fields.flatMap(emitDecodeField),
  ];
  return ["", ...head, ...indent(emitLoop(cases)), "}"];
}

/** The loop over the fields of the cursor's current message. */
export function emitLoop(cases: readonly Line[]): Line[] {
  return [
    "while (cursor.position < cursor.end) {",
    ...indent([
      "const tag = cursor.varint32();",
      "switch (tag) {",
      ...indent([...cases, "default:", "  cursor.skip(tag);"]),
      "}",
    ]),
    "}",
  ];
}

/** The clause that reads a nested message with `statement`. */
export function emitMessageCase(number: number, statement: Line): Line[] {
  return [
    `case ${tagOf(number, LENGTH_DELIMITED)}: {`,
    ...indent([
      "const outer = cursor.end;",
      "cursor.end = cursor.length() + cursor.position;",
      statement,
      "cursor.end = outer;",
      "break;",
    ]),
    "}",
  ];
}

function emitDecodeField(field: FieldModel): Line[] {
  const target = `record.${field.property}`;
  const isBool = SEMANTIC_TYPES[field.type].storage === "bool";
  return emitCases(field, {
    slice: [`${target}.set(cursor.bytes, cursor.position, cursor.position + length);`],
    sliceItem: [`${target}.push(cursor.bytes, cursor.position, cursor.position + length);`],
    store: (value) =>
      field.isList ? `${target}.push(${value});` : `${target} = ${isBool ? `${value} !== 0` : value};`,
    storeWords: [`${target}.low = cursor.low;`, `${target}.high = cursor.high;`],
    read: readNumber(field),
    checks: [],
  });
}

/** The call that reads a number field. */
export function readNumber(field: FieldModel): string {
  switch (field.protoType) {
    case "double":
      return "cursor.double()";
    case "uint64":
      return isWide(field) ? "cursor.uint64()" : "cursor.varintNumber()";
    case "int64":
      return isWide(field) ? "cursor.int64()" : "Number(cursor.int64())";
    case "sint32":
      return "cursor.zigzag32()";
    case "int32":
    case "enum":
      return "cursor.varint32() | 0";
    default:
      return "cursor.varint32()";
  }
}

/** The statements that store the values of a field. */
export interface FieldActions {
  /** Stores a value of `length` bytes at the cursor's position. */
  readonly slice: readonly Line[];
  /** Stores an item of `length` bytes of a list. */
  readonly sliceItem: readonly Line[];
  /** Stores a number, or an item of a list of numbers. */
  store(value: string): Line;
  /** Stores the cursor's `low` and `high` words of a timestamp. */
  readonly storeWords: readonly Line[];
  /** The call that reads a number. */
  readonly read: string;
  /** Checks a value's length before its bytes are read. */
  readonly checks: readonly Line[];
}

/** The `case` clauses that read one field; a list of numbers may be packed or not. */
export function emitCases(field: FieldModel, actions: FieldActions): Line[] {
  const tag = tagOf(field.number, wireType(field));
  const { store, read } = actions;
  switch (field.recordKind) {
    case "bytes":
    case "byteList":
      return [
        `case ${tag}: {`,
        ...indent([
          "const length = cursor.length();",
          ...actions.checks,
          ...checkBytes(field),
          ...(field.isList ? actions.sliceItem : actions.slice),
          "cursor.position += length;",
          "break;",
        ]),
        "}",
      ];
    case "timestamp":
      return [`case ${tag}:`, ...indent(["cursor.fixed64();", ...actions.storeWords, "break;"])];
    case "numberList":
      return [
        `case ${tag}: {`,
        ...indent([
          "const outer = cursor.end;",
          "cursor.end = cursor.length() + cursor.position;",
          code`while (cursor.position < cursor.end) ${store(read)}`,
          "cursor.end = outer;",
          "break;",
        ]),
        "}",
        `case ${tagOf(field.number, itemWireType(field))}:`,
        ...indent([store(read), "break;"]),
      ];
    default:
      return [`case ${tag}:`, ...indent([store(read), "break;"])];
  }
}

function checkBytes({ type, name }: FieldModel): string[] {
  const { storage, wire } = SEMANTIC_TYPES[type];
  const lengths = wire.byteLengths ?? [];
  if (storage === "text") return [`cursor.checkText(length, "${name}");`];
  if (lengths.length === 0) return [];
  if (wire.words === "wordsFromAddress") return [`cursor.checkAddress(length, "${name}");`];
  return [`cursor.checkLength(length, ${lengths[0]}, "${name}");`];
}
