import type { FieldModel } from "../model/field-model.js";
import { type MessageModel, ownGroups } from "../model/message-model.js";
import { messagesOf } from "../model/schema-model.js";
import { code, doc, generated, indent, type Line, runtime, runtimeType } from "./code.js";
import type { Emitter } from "./emitter.js";
import { isWide } from "./field-range.js";
import { moduleOf } from "./generated-modules.js";

/**
 * Writes record classes: one reused object with every field at its zero value. The objects are not extensible, so a misspelled property is an
 * error even in code without type checks.
 */
export const records: Emitter = {
  emit(schema, output) {
    for (const message of messagesOf(schema)) {
      output.typescript(`${moduleOf(message, "record")}.ts`, `${message.desc.file.name}.proto`, emitRecord(message));
    }
  },
};

/** Name of a message's record class. */
export function recordName({ name }: MessageModel): string {
  return `${name}Record`;
}

function emitRecord(message: MessageModel): Line[] {
  const { fields, groups, isGroup } = message;
  const bounded = fields.filter(({ recordKind }) => ["byteList", "numberList", "bytes"].includes(recordKind));
  const checks = [
    ...bounded.map(({ property }) => `this.${property}.overflowed`),
    // The encoder of the observation checks the observation's own values.
    ...ownGroups(message).map(({ property }) => `this.${property}.hasOverflowed()`),
  ];
  const interfaces = isGroup ? "" : code` implements ${runtimeType("EventRecord", "plugin/event-record")}`;
  return [
    `/** One reused ${message.name} record. */`,
    code`export class ${recordName(message)}${interfaces} {`,
    ...indent([
      ...groups.map(({ property, message: group }) => {
        const record = generated(recordName(group), moduleOf(group, "record"));
        return code`readonly ${property} = new ${record}();`;
      }),
      ...fields.flatMap(emitProperty),
      "",
      "constructor() {",
      "  Object.preventExtensions(this);",
      "}",
      "",
      "hasOverflowed(): boolean {",
      `  return ${checks.length === 0 ? "false" : checks.join(" || ")};`,
      "}",
      "",
      "reset(): void {",
      ...indent([...groups.map(({ property }) => `this.${property}.reset();`), ...fields.map(emitReset)]),
      "}",
    ]),
    "}",
  ];
}

/** The class of a field that is not a plain property. */
function slotOf({ recordKind, maxBytes, maxItems }: FieldModel): Line | undefined {
  switch (recordKind) {
    case "bytes":
      return code`${runtime("ByteSlot", "record/byte-slot")}(${maxBytes})`;
    case "byteList":
      return code`${runtime("ByteList", "record/lists")}(${maxItems}, ${maxBytes})`;
    case "numberList":
      return code`${runtime("NumberList", "record/lists")}(${maxItems})`;
    case "timestamp":
      return code`${runtime("Timestamp", "record/timestamp")}()`;
    default:
      return undefined;
  }
}

/** TypeScript type of a number or boolean field, without null. */
function plainType(field: FieldModel): string {
  if (field.recordKind === "boolean") return "boolean";
  return isWide(field) ? "number | bigint" : "number";
}

function emitProperty(field: FieldModel): Line[] {
  const { property, recordKind, isNullable } = field;
  const slot = slotOf(field);
  if (slot !== undefined) return [...doc(field.description), code`readonly ${property} = new ${slot};`];
  const zero = recordKind === "boolean" ? "false" : "0";
  if (isNullable) return [...doc(field.description), `${property}: ${plainType(field)} | null = null;`];
  return [...doc(field.description), `${property}${isWide(field) ? ": number | bigint" : ""} = ${zero};`];
}

function emitReset(field: FieldModel): Line {
  const { property, recordKind, isNullable } = field;
  if (slotOf(field) !== undefined) return `this.${property}.reset();`;
  if (isNullable) return `this.${property} = null;`;
  return `this.${property} = ${recordKind === "boolean" ? "false" : "0"};`;
}
