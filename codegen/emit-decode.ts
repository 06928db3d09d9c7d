import type { FieldModel, RecordModel } from "./model.js";
import { FIXED64, isZigzag, suffix, tagOf, VARINT } from "./wire-type.js";

/** The function that fills a record from wire bytes. */
export function emitDecode(model: RecordModel): string[] {
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

/** The call that reads a number field. */
export function readNumber(field: FieldModel): string {
  if (field.type === "double") return "cursor.double()";
  if (field.type === "uint64" || field.type === "duration") return "cursor.varintNumber()";
  if (field.type === "int64") return "cursor.signedVarintNumber()";
  if (isZigzag(field)) return "cursor.zigzag32()";
  if (field.type === "int32" || field.type === "enum") return "cursor.varint32() | 0";
  return "cursor.varint32()";
}

/** The `case` clauses that read one field; a list of numbers comes packed or one by one. `limits` are checked before bytes are. */
export function emitCases(
  field: FieldModel,
  slice: () => string[],
  sliceItem: () => string[],
  store: (value: string) => string,
  storeTime: () => string[],
  read: () => string,
  limits: readonly string[] = [],
): string[] {
  const tag = tagOf(field);
  if (field.recordKind === "bytes" || field.recordKind === "byteList") {
    const checks = [...limits];
    const name = JSON.stringify(field.name);
    if (field.type === "text") checks.push(`cursor.checkText(length, ${name});`);
    if (field.type === "ip") checks.push(`cursor.checkAddress(length, ${name});`);
    if (field.type === "mac") checks.push(`cursor.checkLength(length, 6, ${name});`);
    if (field.type === "uuid") checks.push(`cursor.checkLength(length, 16, ${name});`);
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
  const single = tagOf(field, field.type === "double" ? FIXED64 : VARINT);
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
