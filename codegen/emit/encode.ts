import { SEMANTIC_TYPES } from "../../runtime/schema/semantic-types.js";
import type { FieldModel } from "../model/field-model.js";
import { type IncludedGroup, type MessageModel, OBSERVATION, ownGroups } from "../model/message-model.js";
import { code, generated, generatedType, indent, type Line, runtime, runtimeType } from "./code.js";
import { emitNarrowRanges, emitRangeName, isNarrow, isWide, rangeOf } from "./field-range.js";
import { moduleOf } from "./generated-modules.js";
import { recordName } from "./record.js";
import { isZigzag, LENGTH_DELIMITED, tagBytes, tagOf, wireType } from "./wire-type.js";

/** Maximum length of a scalar, in bytes. */
const MAX_SCALAR_BYTES = 10;

/** Maximum length of a length prefix, in bytes. */
const MAX_LENGTH_BYTES = 5;

/** Maximum length of the prefixes of a row and of its observation: a tag of one byte, and a length. */
const OUTER_PREFIX_BOUND = 7;

const closeLength = runtime("closeLength", "protobuf/varint");
const refuseValue = runtime("refuseValue", "protobuf/value-range");

/** The function `bound<Name>` that bounds the encoded length of a record. */
export function emitBound(message: MessageModel): Line[] {
  const parts: Line[] = [];
  let fixed = 0;
  for (const field of message.fields) {
    const value = `record.${field.property}`;
    const tagLength = Math.max(2, tagBytes(tagOf(field.number, wireType(field))).length);
    const prefixBound = tagLength + MAX_LENGTH_BYTES;
    fixed += field.recordKind === "bytes" || field.isList ? prefixBound : tagLength + MAX_SCALAR_BYTES;
    if (field.recordKind === "bytes") parts.push(`${value}.length`);
    if (field.recordKind === "numberList") parts.push(`${value}.length * 10`);
    if (field.recordKind === "byteList") parts.push(`${value}.itemBytes + ${value}.length * ${prefixBound}`);
  }
  for (const { property, message: group } of message.groups) {
    fixed += 2 * OUTER_PREFIX_BOUND;
    const bound = generated(`bound${group.name}`, moduleOf(group, "codec"));
    parts.push(code`${bound}(record.${property})`);
  }
  return [
    "",
    "/** Upper bound of the encoded record's length in bytes. */",
    code`${exported(message)}function bound${message.name}(record: ${recordType(message)}): number {`,
    ["  return ", String(fixed), ...parts.flatMap((part) => [" + ", part]), ";"],
    "}",
  ];
}

/** Only the functions of groups are called from other files. */
function exported({ isGroup }: MessageModel): string {
  return isGroup ? "export " : "";
}

/** The type of a message's record. */
export function recordType(message: MessageModel): Line {
  return generatedType(recordName(message), moduleOf(message, "record"));
}

/** The function `encode<Name>` that writes the fields of a record, without the observation. */
export function emitEncode(message: MessageModel): Line[] {
  const members = [
    ...message.fields.map((field) => ({ number: field.number, lines: emitEncodeField(field, isAlwaysWritten(field)) })),
    ...ownGroups(message).map((group) => ({ number: group.number, lines: emitEncodeGroup(group) })),
  ];
  const lengths = ownGroups(message).map(
    ({ property, message: group }) => `let ${lengthName(property)} = ${group.fields.length > 8 ? 2 : 1};`,
  );
  return [
    ...emitNarrowRanges(message.fields),
    ...(lengths.length === 0
      ? []
      : [
          "",
          "/** Bytes of the group's length prefix in the last row: the next row most likely needs the same number. */",
        ]),
    ...lengths,
    "",
    `/** Writes the record's fields${message.isGroup ? "" : ", without its observation,"} at \`at\`, where room must have been made, and returns the position after them. */`,
    code`${exported(message)}function encode${message.name}(record: ${recordType(message)}, bytes: Uint8Array, at: number): number {`,
    ...indent(members.toSorted((a, b) => a.number - b.number).flatMap(({ lines }) => lines)),
    "  return at;",
    "}",
  ];
}

/** An observation always has its time, even if it is 0: a reader refuses a row without one. */
function isAlwaysWritten({ desc, name }: FieldModel): boolean {
  return desc.parent.typeName === OBSERVATION && name === "time";
}

function lengthName(property: string): string {
  return `${property}LengthBytes`;
}

function emitEncodeGroup({ property, number, message }: IncludedGroup): Line[] {
  const tag = tagBytes(tagOf(number, LENGTH_DELIMITED));
  const length = lengthName(property);
  const encode = generated(`encode${message.name}`, moduleOf(message, "codec"));
  return [
    "{",
    ...indent([
      `const lengthAt = at + ${tag.length};`,
      code`const end = ${encode}(record.${property}, bytes, lengthAt + ${length});`,
      // A group without a value is not written.
      `if (end > lengthAt + ${length}) {`,
      ...indent([
        ...tag.map((byte) => `bytes[at++] = ${byte};`),
        code`at = ${closeLength}(bytes, lengthAt, ${length}, end);`,
        `${length} += at - end;`,
      ]),
      "}",
    ]),
    "}",
  ];
}

function emitEncodeField(field: FieldModel, isAlways: boolean): Line[] {
  const value = `record.${field.property}`;
  const tag = tagBytes(tagOf(field.number, wireType(field))).map((byte) => `bytes[at++] = ${byte};`);
  switch (field.recordKind) {
    case "bytes":
      return [
        code`if (${presentBytes(field, value)}) {`,
        ...indent([...tag, code`at = ${slice(field)}(bytes, at, ${value}.bytes, 0, ${value}.length);`]),
        "}",
      ];
    case "timestamp":
      return emitTimestamp(field, value, tag, isAlways);
    case "byteList":
      return [
        `for (let i = 0, start = 0; i < ${value}.length; i++) {`,
        ...indent([
          ...tag,
          `const end = ${value}.ends[i]!;`,
          code`at = ${sliceItem(field)}(bytes, at, ${value}.arena.bytes, start, end);`,
          "start = end;",
        ]),
        "}",
      ];
    case "numberList":
      return [
        `if (${value}.length > 0) {`,
        ...indent([
          ...tag,
          "const from = at;",
          "at++;",
          `for (let i = 0; i < ${value}.length; i++) {`,
          ...indent([`const item = ${value}.values[i]!;`, ...emitItem(field)]),
          "}",
          code`at = ${closeLength}(bytes, from, 1, at);`,
        ]),
        "}",
      ];
    case "boolean":
      return [
        "{",
        ...indent([
          `const value = ${value};`,
          field.isNullable
            ? code`if (value !== null && (typeof value === "boolean" || ${refuseValue}())) {`
            : code`if (value !== false && (value === true || ${refuseValue}())) {`,
          ...indent([...tag, `bytes[at++] = ${field.isNullable ? "value ? 1 : 0" : "1"};`]),
          "}",
        ]),
        "}",
      ];
    case "number":
      return ["{", ...indent([`const value = ${value};`, ...emitNumber(field, tag)]), "}"];
  }
}

function emitTimestamp({ isNullable }: FieldModel, value: string, tag: readonly Line[], isAlways: boolean): Line[] {
  const writeFixed32 = runtime("writeFixed32", "protobuf/varint");
  const written = [
    ...tag,
    code`at = ${writeFixed32}(bytes, at, ${value}.low);`,
    code`at = ${writeFixed32}(bytes, at, ${value}.high);`,
  ];
  const adjust = code`if (!${value}.isInRange && !${refuseValue}()) ${value}.bound();`;
  if (isAlways) return [adjust, ...written];
  if (!isNullable) return [adjust, `if (${value}.isPresent) {`, ...indent(written), "}"];
  return [code`if (${value}.isPresent && (${value}.isInRange || ${refuseValue}())) {`, ...indent(written), "}"];
}

function emitNumber(field: FieldModel, tag: readonly Line[]): Line[] {
  const { isNullable, number } = field;
  if (isDouble(field)) {
    const isGiven = isNullable ? "value !== null" : "!Object.is(value, 0)";
    return [
      code`if (${isGiven} && (typeof value === "number" || ${refuseValue}())) {`,
      ...indent([...tag, code`at = ${runtime("writeDouble", "protobuf/varint")}(bytes, at, value);`]),
      "}",
    ];
  }
  const { word, condition, written } = wordOf(field, "value");
  const writer = `write${isNullable ? "Optional" : ""}${isZigzag(field) ? "Zigzag" : "Number"}`;
  const other = runtime(writer, "protobuf/number-field");
  const wide = tagOf(number, wireType(field));
  return [
    `if (value !== ${isNullable ? "null" : "0"}) {`,
    ...indent([
      `const word = ${word};`,
      `if (${condition}) {`,
      ...indent([...tag, code`at = ${writeUint32}(bytes, at, ${written});`]),
      code`} else at = ${other}(bytes, at, ${wide}, value, ${emitRangeName(field)});`,
    ]),
    "}",
  ];
}

const writeUint32 = runtime("writeUint32", "protobuf/varint");

/** Writes the item `item` of a list of numbers. */
function emitItem(field: FieldModel): Line[] {
  if (isDouble(field)) {
    const writeDouble = runtime("writeDouble", "protobuf/varint");
    return [code`at = ${writeDouble}(bytes, at, typeof item === "number" ? item : Number(${refuseValue}()));`];
  }
  const { word, condition, written } = wordOf(field, "item");
  const other = runtime(isZigzag(field) ? "writeZigzagItem" : "writeNumberItem", "protobuf/number-field");
  return [
    `const word = ${word};`,
    code`at = ${condition} ? ${writeUint32}(bytes, at, ${written}) : ${other}(bytes, at, item, ${emitRangeName(field)});`,
  ];
}

function isDouble({ type }: FieldModel): boolean {
  return SEMANTIC_TYPES[type].storage === "f64";
}

/**
 * The 32-bit word that equals the most likely numbers of the field, the condition that it equals the number in `local` and is in range, and
 * the expression that is written, so that these numbers need only integer operations. Other numbers are written by a separate function.
 */
function wordOf(field: FieldModel, local: string): { word: Line; condition: string; written: Line } {
  const { minimum, maximum } = rangeOf(field)!;
  const equality = `word === ${local}`;
  if (isZigzag(field)) {
    const condition = isNarrow(field) ? `${equality} && word >= ${minimum} && word <= ${maximum}` : equality;
    return { word: `${local} | 0`, condition, written: code`${runtime("zigzag", "protobuf/varint")}(word)` };
  }
  // The smallest number of the form 2^n - 1, n > 0, that is not below the maximum.
  const mask = 2n ** BigInt(maximum.toString(2).length) - 1n;
  const usesAllBits = mask > 0x7fff_ffffn;
  const word = usesAllBits ? `${local} >>> 0` : `${local} & 0x${mask.toString(16)}`;
  return {
    // Operations on 32-bit words cannot take a bigint.
    word: isWide(field) ? `typeof ${local} === "number" ? ${word} : -1` : word,
    condition: maximum < (usesAllBits ? 0xffff_ffffn : mask) ? `${equality} && word <= ${maximum}` : equality,
    written: "word",
  };
}

/** The condition for writing a bytes value. */
function presentBytes({ type, isNullable }: FieldModel, value: string): Line {
  const isGiven = isNullable ? `${value}.isPresent` : `${value}.length > 0`;
  const lengths = SEMANTIC_TYPES[type].wire.byteLengths ?? [];
  if (lengths.length === 0) return isGiven;
  const fits = lengths.map((length) => `${value}.length === ${length}`).join(" || ");
  const refuseLength = runtime("refuseLength", "protobuf/value-range");
  const checked = code`${fits} || ${refuseLength}(${value}.length, ${String(isNullable)})`;
  return isNullable ? code`${isGiven} && (${checked})` : checked;
}

/** The function that writes a bytes value. */
function slice({ type }: FieldModel): Line {
  return runtime(SEMANTIC_TYPES[type].storage === "text" ? "writeText" : "writeSlice", "protobuf/varint");
}

/** The function that writes an item of a list of bytes. */
function sliceItem(field: FieldModel): Line {
  const { words } = SEMANTIC_TYPES[field.type].wire;
  return words === "wordsFromAddress" ? runtime("writeAddress", "protobuf/number-field") : slice(field);
}

/** The functions that append a record as a row. */
export function emitEncodeRow(message: MessageModel): Line[] {
  const { name, groups } = message;
  const [observation] = groups;
  const encodeObservation = generated("encodeObservation", moduleOf(observation!.message, "codec"));
  const batchWriter = runtimeType("BatchWriter", "protobuf/batch-writer");
  const open = ["  const { bytes } = writer;", "  const at = writer.position;", "  bytes[at] = 10;"];
  const close: Line[] = [
    code`  writer.position = ${closeLength}(bytes, at + 1, lengthBytes, end);`,
    "  lengthBytes += writer.position - end;",
    "  writer.rowCount++;",
    "}",
  ];
  return [
    "",
    "/** Bytes of the length prefix of the last row: the next row most likely needs the same number. */",
    "let lengthBytes = 2;",
    "",
    "/** Appends the record as one item of `repeated rows = 1`. */",
    code`export function encode${name}Row(record: ${recordType(message)}, writer: ${batchWriter}): void {`,
    `  writer.ensure(bound${name}(record));`,
    ...open,
    "  const observationAt = at + 1 + lengthBytes;",
    "  bytes[observationAt] = 10;",
    code`  let end = ${encodeObservation}(record.observation, bytes, observationAt + 2);`,
    code`  end = encode${name}(record, bytes, ${closeLength}(bytes, observationAt + 1, 1, end));`,
    ...close,
    "",
    `/** As {@link encode${name}Row}, with the encoded observation field taken from \`observation[start, stop)\`. */`,
    `function encodeObserved${name}Row(`,
    code`  record: ${recordType(message)},`,
    "  observation: Uint8Array,",
    "  start: number,",
    "  stop: number,",
    code`  writer: ${batchWriter},`,
    "): void {",
    `  writer.ensure(bound${name}(record) + stop - start);`,
    ...open,
    "  let end = at + 1 + lengthBytes;",
    "  for (let i = start; i < stop; i++) bytes[end++] = observation[i]!;",
    `  end = encode${name}(record, bytes, end);`,
    ...close,
  ];
}
