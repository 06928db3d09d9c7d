import type { EventModel, FieldModel, RecordModel } from "./model.js";
import { isZigzag, suffix, wireType } from "./wire-type.js";

/** Longest tag and longest scalar, in bytes. */
const SCALAR_BOUND = 12;

/** Longest tag and length prefix, in bytes. */
const PREFIX_BOUND = 7;

/** The function that bounds the encoded length of a record. */
export function emitBound(model: RecordModel): string[] {
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

/** The function that writes the fields of a record. */
export function emitEncode(model: RecordModel): string[] {
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
        `  at = ${slice(field)}(bytes, at, ${value}.bytes, 0, ${value}.length);`,
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
        `  at = ${slice(field)}(bytes, at, ${value}.arena.bytes, start, end);`,
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

/** The function that writes a value of bytes. */
function slice(field: FieldModel): string {
  return field.type === "text" ? "writeText" : "writeSlice";
}

function emitWriteNumber(field: FieldModel, value: string): string {
  if (field.type === "double") return `at = writeDouble(bytes, at, ${value});`;
  if (isZigzag(field)) return `at = writeVarint(bytes, at, zigzag(${value}));`;
  if (["int32", "int64", "enum"].includes(field.type)) return `at = writeSignedVarint(bytes, at, ${value});`;
  return `at = writeVarint(bytes, at, ${value});`;
}

/** The functions that append a record as a row. */
export function emitEncodeRow(model: EventModel): string[] {
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
