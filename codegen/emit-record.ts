import type { EnumModel, FieldModel, RecordModel } from "./model.js";

/**
 * Writes a record class: one reused object with every field at its zero value, and constants for its enums. It takes no other
 * properties, so that a misspelled one is an error also where nothing checks types.
 */
export function emitRecord(model: RecordModel, isEvent: boolean, runtime: string): string {
  const { recordName, fields } = model;
  const classes = new Set(fields.map(slotClass).filter((name) => name !== undefined));
  const lists = [...classes].filter((name) => name.endsWith("List")).sort();
  const lines: string[] = [];
  if (isEvent) lines.push(`import type { EventRecord } from "${runtime}/plugin/event-record.js";`);
  if (classes.has("ByteSlot")) lines.push(`import { ByteSlot } from "${runtime}/record/byte-slot.js";`);
  if (lists.length > 0) lines.push(`import { ${lists.join(", ")} } from "${runtime}/record/lists.js";`);
  if (classes.has("Timestamp")) lines.push(`import { Timestamp } from "${runtime}/record/timestamp.js";`);
  if (isEvent) lines.push('import { ObservationRecord } from "../wireloom/v1/observation-record.js";');
  for (const model of enumsOf(fields)) lines.push("", ...emitEnum(model));

  lines.push("", `/** One reused ${model.message.name} record. */`);
  lines.push(`export class ${recordName}${isEvent ? " implements EventRecord" : ""} {`);
  if (isEvent) lines.push("  readonly observation = new ObservationRecord();");
  for (const field of fields) lines.push(...emitProperty(field));
  lines.push("", "  constructor() {", "    Object.preventExtensions(this);", "  }");
  lines.push("", "  hasOverflowed(): boolean {");
  const bounded = fields.filter((field) => ["byteList", "numberList", "bytes"].includes(field.recordKind));
  const checks = bounded.map((field) => `this.${field.property}.overflowed`);
  lines.push(`    return ${checks.length === 0 ? "false" : checks.join(" || ")};`, "  }");
  lines.push("", "  reset(): void {");
  if (isEvent) lines.push("    this.observation.reset();");
  for (const field of fields) lines.push(`    ${emitReset(field)}`);
  lines.push("  }", "}", "");
  return lines.join("\n");
}

/** The distinct enums of some fields, by name. */
export function enumsOf(fields: readonly FieldModel[]): EnumModel[] {
  const enums = new Map<string, EnumModel>();
  for (const { enumModel } of fields) if (enumModel !== undefined) enums.set(enumModel.name, enumModel);
  return [...enums.values()];
}

function emitEnum({ name, values }: EnumModel): string[] {
  const members = values.map(
    (value) => `  ${/^[A-Za-z_]/.test(value.name) ? value.name : JSON.stringify(value.name)}: ${value.number},`,
  );
  return [`/** Assigned values of ${name}; others occur. */`, `export const ${name} = {`, ...members, "} as const;"];
}

function slotClass(field: FieldModel): "ByteSlot" | "ByteList" | "NumberList" | "Timestamp" | undefined {
  switch (field.recordKind) {
    case "bytes":
      return "ByteSlot";
    case "byteList":
      return "ByteList";
    case "numberList":
      return "NumberList";
    case "timestamp":
      return "Timestamp";
    default:
      return undefined;
  }
}

function emitProperty(field: FieldModel): string[] {
  const doc = field.description === "" ? [] : [`  /** ${field.description.replaceAll("*/", "*\\/")} */`];
  const { property, maxBytes, maxItems } = field;
  switch (field.recordKind) {
    case "bytes":
      return [...doc, `  readonly ${property} = new ByteSlot(${maxBytes});`];
    case "byteList":
      return [...doc, `  readonly ${property} = new ByteList(${maxItems}, ${maxBytes});`];
    case "numberList":
      return [...doc, `  readonly ${property} = new NumberList(${maxItems});`];
    case "timestamp":
      return [...doc, `  readonly ${property} = new Timestamp();`];
    case "boolean":
      return [...doc, field.isNullable ? `  ${property}: boolean | null = null;` : `  ${property} = false;`];
    case "number":
      return [...doc, field.isNullable ? `  ${property}: number | null = null;` : `  ${property} = 0;`];
  }
}

function emitReset(field: FieldModel): string {
  if (slotClass(field) !== undefined) return `this.${field.property}.reset();`;
  if (field.isNullable) return `this.${field.property} = null;`;
  return `this.${field.property} = ${field.recordKind === "boolean" ? "false" : "0"};`;
}
