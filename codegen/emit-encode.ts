import type { EventModel, FieldModel, RecordModel } from "./model.js";
import { isZigzag, suffix, tagBytes, tagOf } from "./wire-type.js";

/** Longest scalar, in bytes. */
const MAX_SCALAR_BYTES = 10;

/** Longest length prefix, in bytes. */
const MAX_LENGTH_BYTES = 5;

/** Longest prefix of a row and of its observation: a tag of one byte, and a length. */
const OUTER_PREFIX_BOUND = 7;

/** The function that bounds the encoded length of a record. */
export function emitBound(model: RecordModel): string[] {
  const parts: string[] = [];
  let fixed = 0;
  for (const field of model.fields) {
    const value = `record.${field.property}`;
    const tagLength = Math.max(2, tagBytes(field).length);
    const prefixBound = tagLength + MAX_LENGTH_BYTES;
    fixed += field.recordKind === "bytes" || field.isList ? prefixBound : tagLength + MAX_SCALAR_BYTES;
    if (field.recordKind === "bytes") parts.push(`${value}.length`);
    if (field.recordKind === "numberList") parts.push(`${value}.length * 10`);
    if (field.recordKind === "byteList") parts.push(`${value}.itemBytes + ${value}.length * ${prefixBound}`);
  }
  const isObservation = suffix(model) === "Observation";
  if (!isObservation) parts.push(`boundObservation(record.observation) + ${2 * OUTER_PREFIX_BOUND}`);
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
    // An observation always has its time, also that of the epoch: a reader refuses a row without one.
    ...model.fields
      .flatMap((field) => emitEncodeField(field, isObservation && field.name === "time"))
      .map((line) => `  ${line}`),
    "  return at;",
    "}",
  ];
}

function emitTag(field: FieldModel): string[] {
  return tagBytes(field).map((byte) => `bytes[at++] = ${byte};`);
}

function emitEncodeField(field: FieldModel, isAlwaysWritten: boolean): string[] {
  const value = `record.${field.property}`;
  const tag = emitTag(field);
  const indent = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  switch (field.recordKind) {
    case "bytes":
      return [
        `if (${presentBytes(field, value)}) {`,
        ...indent(tag),
        `  at = ${slice(field)}(bytes, at, ${value}.bytes, 0, ${value}.length);`,
        "}",
      ];
    case "timestamp": {
      const written = [
        ...tag,
        `at = writeFixed32(bytes, at, ${value}.low);`,
        `at = writeFixed32(bytes, at, ${value}.high);`,
      ];
      const adjust = [`if (!${value}.isInRange && !refuseValue()) ${value}.bound();`];
      if (isAlwaysWritten) return [...adjust, ...written];
      if (!field.isNullable) return [...adjust, `if (${value}.isPresent) {`, ...indent(written), "}"];
      return [`if (${value}.isPresent && (${value}.isInRange || refuseValue())) {`, ...indent(written), "}"];
    }
    case "byteList":
      return [
        `for (let i = 0, start = 0; i < ${value}.length; i++) {`,
        ...indent(tag),
        `  const end = ${value}.ends[i]!;`,
        `  at = ${field.type === "ip" ? "writeAddress" : slice(field)}(bytes, at, ${value}.arena.bytes, start, end);`,
        "  start = end;",
        "}",
      ];
    case "numberList":
      return [
        `if (${value}.length > 0) {`,
        ...indent(tag),
        "  const from = at;",
        "  at++;",
        `  for (let i = 0; i < ${value}.length; i++) {`,
        `    const item = ${value}.values[i]!;`,
        ...indent(indent(emitItem(field))),
        "  }",
        "  at = closeLength(bytes, from, 1, at);",
        "}",
      ];
    case "boolean": {
      const local = localName(field);
      const condition = field.isNullable
        ? `${local} !== null && (typeof ${local} === "boolean" || refuseValue())`
        : `${local} !== false && (${local} === true || refuseValue())`;
      return [
        "{",
        `  const ${local} = ${value};`,
        `  if (${condition}) {`,
        ...indent(indent(tag)),
        `    bytes[at++] = ${field.isNullable ? `${local} ? 1 : 0` : "1"};`,
        "  }",
        "}",
      ];
    }
    case "number": {
      const local = localName(field);
      if (field.type === "double") {
        const isGiven = field.isNullable ? `${local} !== null` : `!Object.is(${local}, 0)`;
        return [
          "{",
          `  const ${local} = ${value};`,
          `  if (${isGiven} && (typeof ${local} === "number" || refuseValue())) {`,
          ...indent(indent([...tag, `at = writeDouble(bytes, at, ${local});`])),
          "  }",
          "}",
        ];
      }
      const { word, written } = wordOf(field, local);
      const other = `write${field.isNullable ? "Optional" : ""}${isZigzag(field) ? "Zigzag" : "Number"}`;
      return [
        "{",
        `  const ${local} = ${value};`,
        `  if (${local} !== ${field.isNullable ? "null" : "0"}) {`,
        `    const word = ${word};`,
        `    if (word === ${local}) {`,
        ...indent(indent(indent([...tag, `at = writeUint32(bytes, at, ${written});`]))),
        `    } else at = ${other}(bytes, at, ${tagOf(field)}, ${local}, ${rangeOf(field)});`,
        "  }",
        "}",
      ];
    }
  }
}

/** Writes the item `item` of a list of numbers. */
function emitItem(field: FieldModel): string[] {
  if (field.type === "double")
    return ['at = writeDouble(bytes, at, typeof item === "number" ? item : Number(refuseValue()));'];
  const { word, written } = wordOf(field, "item");
  const other = isZigzag(field) ? "writeZigzagItem" : "writeNumberItem";
  return [
    `const word = ${word};`,
    `at = word === item ? writeUint32(bytes, at, ${written}) : ${other}(bytes, at, item, ${rangeOf(field)});`,
  ];
}

/**
 * The 32-bit word that equals a number that most likely is in the field, and what is written of it: one comparison shows that a number
 * is in range, and what follows has to do with integers only. Other numbers take the way out of line.
 */
function wordOf(field: FieldModel, local: string): { word: string; written: string } {
  if (isZigzag(field)) return { word: `${local} | 0`, written: "zigzag(word)" };
  switch (field.type) {
    case "port":
      return { word: `${local} & 0xffff`, written: "word" };
    case "int32":
    case "enum":
    case "int64":
      return { word: `${local} & 0x7fffffff`, written: "word" };
    default:
      return { word: `${local} >>> 0`, written: "word" };
  }
}

/** The constant of `runtime/protobuf/value-range.ts` for the numbers of a field. */
function rangeOf({ type }: FieldModel): string {
  return type === "uint64" ||
    type === "int64" ||
    type === "int32" ||
    type === "port" ||
    type === "enum" ||
    type === "duration"
    ? type.toUpperCase()
    : "UINT32";
}

/** The variable that holds a field's value; `at` and `bytes` are taken. */
function localName({ property }: FieldModel): string {
  return property === "at" || property === "bytes" ? `${property}Value` : property;
}

/** The condition under which a value of bytes is written. */
function presentBytes({ type, isNullable }: FieldModel, value: string): string {
  const isGiven = isNullable ? `${value}.isPresent` : `${value}.length > 0`;
  const lengths = type === "ip" ? [4, 16] : type === "mac" ? [6] : type === "uuid" ? [16] : [];
  if (lengths.length === 0) return isGiven;
  const fits = lengths.map((length) => `${value}.length === ${length}`).join(" || ");
  const checked = `${fits} || refuseLength(${value}.length, ${isNullable})`;
  return isNullable ? `${isGiven} && (${checked})` : checked;
}

/** The function that writes a value of bytes. */
function slice(field: FieldModel): string {
  return field.type === "text" ? "writeText" : "writeSlice";
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
