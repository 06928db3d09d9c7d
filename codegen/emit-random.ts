import type { EventModel, FieldModel, RecordModel } from "./model.js";

/** Writes `testing/observation-random.ts`. */
export function emitObservationRandom(model: RecordModel): string {
  return [
    'import type { Random } from "../../../../runtime/record/testing/random.js";',
    'import { randomBytes, randomText } from "../../../../runtime/record/testing/random-slot.js";',
    'import type { ObservationRecord } from "../observation-record.js";',
    "",
    ...emitFill("Observation", model),
    "",
  ].join("\n");
}

/** Writes `testing/random.ts`: seeded random records for benchmarks and equality tests. */
export function emitRandom(model: EventModel): string {
  const lines = emitFill(model.name, model);
  const slots = ["randomBytes", "randomText"].filter((name) => lines.some((line) => line.includes(`${name}(`)));
  return [
    'import type { Random } from "../../../runtime/record/testing/random.js";',
    ...(slots.length === 0
      ? []
      : [`import { ${slots.join(", ")} } from "../../../runtime/record/testing/random-slot.js";`]),
    'import { fillRandomObservation } from "../../wireloom/v1/testing/observation-random.js";',
    `import type { ${model.recordName} } from "../record.js";`,
    "",
    ...lines,
    "",
  ].join("\n");
}

function emitFill(name: string, model: RecordModel): string[] {
  return [
    "/** Fills a record at its zero values with random ones. */",
    `export function fillRandom${name}(random: Random, record: ${model.recordName}): void {`,
    ...(name === "Observation" ? [] : ["  fillRandomObservation(random, record.observation);"]),
    ...model.fields.map((field) => `  ${emitValue(field)}`),
    "}",
  ];
}

function emitValue(field: FieldModel): string {
  const target = `record.${field.property}`;
  const sometimes = field.isNullable ? "if (!random.oneIn(3)) " : "";
  const limit = Math.min(field.maxBytes, 40);
  switch (field.recordKind) {
    case "timestamp":
      return `${sometimes}${target}.set(1700000000 + random.below(100000000), random.below(1000000000));`;
    case "boolean":
      return `${sometimes}${target} = random.oneIn(2);`;
    case "bytes":
      if (field.type === "text") return `${sometimes}randomText(random, ${target}, ${limit});`;
      return `${sometimes}randomBytes(random, ${target}, ${bytesLength(field)});`;
    case "byteList": {
      const fill =
        field.type === "text"
          ? `randomText(random, ${target}.arena, ${limit});`
          : `randomBytes(random, ${target}.arena, ${bytesLength(field)});`;
      return `for (let i = random.below(${Math.min(field.maxItems, 3) + 1}); i > 0; i--) { ${fill} ${target}.endItem(); }`;
    }
    case "numberList":
      return `for (let i = random.below(${Math.min(field.maxItems, 3) + 1}); i > 0; i--) ${target}.push(${numberValue(field)});`;
    case "number":
      return `${sometimes}${target} = ${numberValue(field)};`;
  }
}

function bytesLength({ type, maxBytes }: FieldModel): string {
  switch (type) {
    case "ip":
      return "random.oneIn(2) ? 4 : 16";
    case "mac":
      return "6";
    case "uuid":
      return "16";
    default:
      return `random.below(${Math.min(maxBytes, 40) + 1})`;
  }
}

function numberValue({ type, enumModel }: FieldModel): string {
  switch (type) {
    case "enum": {
      const numbers = (enumModel?.values ?? []).map((value) => value.number).slice(0, 64);
      return `[${numbers.join(", ")}][random.below(${numbers.length})]!`;
    }
    case "port":
      return "random.below(65536)";
    case "uint32":
    case "flags":
      return "random.uint32() >>> random.below(32)";
    case "int32":
      return "random.int32()";
    case "double":
      return "(random.int32() / 1000)";
    default:
      return "random.count()";
  }
}
