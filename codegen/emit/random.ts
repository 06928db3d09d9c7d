import { SEMANTIC_TYPES } from "../../runtime/schema/semantic-types.js";
import type { FieldModel } from "../model/field-model.js";
import type { MessageModel } from "../model/message-model.js";
import { messagesOf } from "../model/schema-model.js";
import { code, generated, indent, type Line, runtime, runtimeType } from "./code.js";
import type { Emitter } from "./emitter.js";
import { recordType } from "./encode.js";
import { moduleOf } from "./generated-modules.js";

/** Maximum length of random text or bytes. */
const MAX_LENGTH = 40;
/** Maximum number of items of a random list. */
const MAX_ITEMS = 3;
/** Maximum number of values of an enum to choose from. */
const MAX_VALUES = 64;

/** Writes seeded random records, for benchmarks and equality tests. */
export const randoms: Emitter = {
  emit(schema, output) {
    for (const message of messagesOf(schema)) {
      output.typescript(`${moduleOf(message, "random")}.ts`, `${message.desc.file.name}.proto`, emitFill(message));
    }
  },
};

/** Name of the function that fills a message's record. */
export function fillName({ name }: MessageModel): string {
  return `fillRandom${name}`;
}

function emitFill(message: MessageModel): Line[] {
  const random = runtimeType("Random", "record/testing/random");
  return [
    "/** Fills a record at its zero values with random values. */",
    code`export function ${fillName(message)}(random: ${random}, record: ${recordType(message)}): void {`,
    ...indent([
      ...message.groups.map(({ property, message: group }) => {
        return code`${generated(fillName(group), moduleOf(group, "random"))}(random, record.${property});`;
      }),
      ...message.fields.map(emitValue),
    ]),
    "}",
  ];
}

function emitValue(field: FieldModel): Line {
  const target = `record.${field.property}`;
  const sometimes = field.isNullable ? "if (!random.oneIn(3)) " : "";
  const many = `for (let i = random.below(${Math.min(field.maxItems, MAX_ITEMS) + 1}); i > 0; i--)`;
  switch (field.recordKind) {
    case "timestamp":
      return `${sometimes}${target}.set(1700000000 + random.below(100000000), random.below(1000000000));`;
    case "boolean":
      return `${sometimes}${target} = random.oneIn(2);`;
    case "bytes":
      return code`${sometimes}${fillSlot(field, target)}`;
    case "byteList":
      return code`${many} { ${fillSlot(field, `${target}.arena`)} ${target}.endItem(); }`;
    case "numberList":
      return code`${many} ${target}.push(${numberValue(field)});`;
    case "number":
      return code`${sometimes}${target} = ${numberValue(field)};`;
  }
}

function fillSlot({ type, maxBytes }: FieldModel, slot: string): Line {
  const longest = Math.min(maxBytes, MAX_LENGTH);
  const { storage, wire } = SEMANTIC_TYPES[type];
  const [first, ...others] = wire.byteLengths ?? [];
  if (storage === "text") {
    return code`${runtime("randomText", "record/testing/random-slot")}(random, ${slot}, ${longest});`;
  }
  const length =
    first === undefined
      ? `random.below(${longest + 1})`
      : others.length === 0
        ? String(first)
        : `[${[first, ...others].join(", ")}][random.below(${others.length + 1})]!`;
  return code`${runtime("randomBytes", "record/testing/random-slot")}(random, ${slot}, ${length});`;
}

function numberValue({ type, enumModel }: FieldModel): Line {
  if (enumModel === undefined)
    return code`${runtime("SEMANTIC_TYPES", "schema/semantic-types")}.${type}.random!(random)`;
  const numbers = enumModel.values.map((value) => value.number).slice(0, MAX_VALUES);
  return `[${numbers.join(", ")}][random.below(${numbers.length})]!`;
}
