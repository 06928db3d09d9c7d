import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECODER, PROTO, ToyProject } from "../testing/toy-project.js";

/** A type of whole numbers that the project does not have, as its author declares it, and the range that follows. */
interface NumberType {
  readonly name: string;
  readonly storage: string;
  readonly protoType: string;
  readonly range?: readonly [number, number];
  readonly isAlwaysNumber?: true;
  readonly minimum: bigint;
  readonly maximum: bigint;
}

const TYPES: readonly NumberType[] = [
  // The storage form has fewer numbers than the proto type.
  { name: "word", storage: "u16", protoType: "uint32", minimum: 0n, maximum: 65_535n },
  { name: "unsigned_word", storage: "u16", protoType: "sint32", minimum: 0n, maximum: 65_535n },
  { name: "positive", storage: "i32", protoType: "uint32", minimum: 0n, maximum: 2n ** 31n - 1n },
  { name: "unsigned", storage: "u32", protoType: "int32", minimum: 0n, maximum: 2n ** 31n - 1n },
  { name: "long_positive", storage: "i64", protoType: "uint64", minimum: 0n, maximum: 2n ** 63n - 1n },
  { name: "long_unsigned", storage: "u64", protoType: "int64", minimum: 0n, maximum: 2n ** 63n - 1n },
  {
    ...{ name: "long_number", storage: "i64", protoType: "uint64", isAlwaysNumber: true },
    ...{ minimum: 0n, maximum: 2n ** 63n - 1n },
  },
  // The proto type has fewer.
  { name: "stored_wide", storage: "u64", protoType: "uint32", minimum: 0n, maximum: 2n ** 32n - 1n },
  { name: "stored_wide_signed", storage: "i64", protoType: "int32", minimum: -(2n ** 31n), maximum: 2n ** 31n - 1n },
  // The type has a range of its own.
  { name: "percent", storage: "u16", protoType: "uint32", range: [0, 100], minimum: 0n, maximum: 100n },
  { name: "bits", storage: "u16", protoType: "uint32", range: [0, 63], minimum: 0n, maximum: 63n },
  { name: "none", storage: "u16", protoType: "uint32", range: [0, 0], minimum: 0n, maximum: 0n },
  { name: "beyond_storage", storage: "u16", protoType: "uint32", range: [-5, 70_000], minimum: 0n, maximum: 65_535n },
  {
    ...{ name: "large", storage: "u32", protoType: "uint32", range: [0, 3_000_000_000] },
    ...{ minimum: 0n, maximum: 3_000_000_000n },
  },
  { name: "offset", storage: "i32", protoType: "int32", range: [-12, 14], minimum: -12n, maximum: 14n },
  { name: "zigzag_offset", storage: "i32", protoType: "sint32", range: [-12, 14], minimum: -12n, maximum: 14n },
  { name: "below_zero", storage: "i32", protoType: "sint32", range: [-300, 0], minimum: -300n, maximum: 0n },
  {
    ...{ name: "long_offset", storage: "i64", protoType: "int64", range: [-(2 ** 40) - 1, 2 ** 40] },
    ...{ minimum: -(2n ** 40n) - 1n, maximum: 2n ** 40n },
  },
  {
    ...{ name: "long_count", storage: "u64", protoType: "uint64", range: [0, 2 ** 60] },
    ...{ minimum: 0n, maximum: 2n ** 60n },
  },
];

const isLong = ({ storage }: NumberType) => storage.endsWith("64");

/** The three kinds of field of each type, with the name of each. */
const FIELDS = TYPES.flatMap((type) =>
  ["", "optional ", "repeated "]
    .filter((label) => label !== "repeated " || !isLong(type))
    .map((label) => ({ type, label, name: `${type.name}_${label.trim() || "plain"}` })),
);

const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function sourceOf(type: NumberType): string {
  const wire = [
    `protoTypes: ["${type.protoType}"]`,
    ...(type.range === undefined ? [] : [`range: { minimum: ${type.range[0]}, maximum: ${type.range[1]} }`]),
    ...(type.isAlwaysNumber === undefined ? [] : ["isAlwaysNumber: true"]),
  ];
  return `import { INTEGER } from "./integer.js";
import type { SemanticType } from "./semantic-type.js";

export const ${type.name}: SemanticType = {
  ...INTEGER,
  storage: "${type.storage}",
  wire: { ${wire.join(", ")} },
${isLong(type) ? "  isListable: false,\n" : ""}  valueForm: "a whole number",
  parse: () => undefined,
  random: () => 0,
};
`;
}

const ANNOTATED = FIELDS.map(
  ({ type, label, name }, i) =>
    `  ${label}${type.protoType} ${name} = ${i + 2} [(wireloom.v1.field).type = TYPE_${type.name.toUpperCase()}];`,
);

/** Writes each number into the records of one field each, and prints what the columns hold, or why they are refused. */
const COMPARE = `import { create, toBinary } from "@bufbuild/protobuf";
import { readFileSync } from "node:fs";
import { registry } from "./generated/registry.js";
import { ToySchema } from "./generated/toy/toy_pb.js";
import { BatchWriter } from "./runtime/protobuf/batch-writer.js";
import { adjustments } from "./runtime/protobuf/value-range.js";
import { rowFromColumns } from "./runtime/schema/row-from-columns.js";
import { numbersToTry } from "./numbers.js";

const id = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
const [{ codec, table }] = registry.plugins;
const columns = codec.createColumns();

/** What a field's column has in its only row. */
function storedIn(name) {
  const values = rowFromColumns(table, columns, 0);
  const value = values[table.columns.findIndex((column) => column.name === name)];
  return String(Array.isArray(value) ? value[0] : value);
}

const results = [];
for (const { property, name, label, values } of numbersToTry(JSON.parse(readFileSync(0, "utf8")))) {
  for (const { given, inMessage } of values) {
    const record = codec.createRecord();
    record.observation.id.set(id, 0, 16);
    record.observation.time.set(1, 0);
    if (label === "repeated ") record[property].push(given);
    else record[property] = given;
    const before = adjustments.count;
    const writer = new BatchWriter(64);
    codec.encode(record, writer);
    const rows = writer.take();
    codec.read(rows, 0, rows.length, columns);
    const again = codec.createRecord();
    let at = 1;
    while (rows[at] > 127) at++;
    codec.decode(rows, at + 1, rows.length, again);
    const reread = label === "repeated " ? again[property].values[0] : again[property];
    const result = { name, given: String(BigInt(given)), stored: storedIn(name), adjusted: adjustments.count - before };
    result.reread = reread === null ? "null" : String(BigInt(reread));
    if (inMessage !== undefined) {
      result.sent = String(inMessage);
      const value = label === "repeated " ? [inMessage] : inMessage;
      const body = toBinary(ToySchema, create(ToySchema, { observation: { id, time: 1n }, [property]: value }));
      const prefix = body.length < 128 ? [10, body.length] : [10, (body.length & 127) | 128, body.length >> 7];
      const message = Uint8Array.from([...prefix, ...body]);
      try {
        codec.read(message, 0, message.length, columns);
        result.fromMessage = storedIn(name);
      } catch (error) {
        result.fromMessage = error.message;
      }
    }
    results.push(result);
  }
}
console.log(JSON.stringify(results));
`;

/** Numbers at the edges of each field's range and of its proto type, as records and as messages hold them. */
const NUMBERS = `export function numbersToTry(fields) {
  return fields.map((field) => {
    const minimum = BigInt(field.minimum);
    const maximum = BigInt(field.maximum);
    const edges = [minimum - 1n, minimum, minimum + 1n, -1n, 0n, 1n, 127n, 128n, maximum - 1n, maximum, maximum + 1n, maximum * 2n];
    const values = [...new Set(edges)].map((value) => ({
      given: BigInt(Number(value)) === value || !field.isWide ? Number(value) : value,
      inMessage: value < BigInt(field.protoMinimum) || value > BigInt(field.protoMaximum)
        ? undefined
        : field.protoType.endsWith("64") ? value : Number(value),
    }));
    return { ...field, values };
  });
}
`;

const PROTO_RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  uint32: [0n, 2n ** 32n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  sint32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};

interface Result {
  readonly name: string;
  readonly given: string;
  readonly stored: string;
  readonly reread: string;
  readonly adjusted: number;
  readonly sent?: string;
  readonly fromMessage?: string;
}

let project: ToyProject;
let results: readonly Result[];

beforeAll(() => {
  project = new ToyProject({ copiesSources: true });
  const edit = (path: string, change: (text: string) => string) => {
    const file = join(project.folder, path);
    writeFileSync(file, change(readFileSync(file, "utf8")));
  };
  for (const type of TYPES) {
    writeFileSync(join(project.folder, "runtime/schema/types", `${type.name}.ts`), sourceOf(type));
  }
  edit("runtime/schema/semantic-types.ts", (text) => {
    const imports = TYPES.map(({ name }) => `import { ${name} } from "./types/${name}.js";\n`).join("");
    return (
      imports + text.replace("const TYPES = {", `const TYPES = {\n${TYPES.map(({ name }) => `  ${name},\n`).join("")}`)
    );
  });
  edit("proto/wireloom/v1/annotations.proto", (text) =>
    text.replace(
      /enum Type \{[^}]*/,
      (values) => values + TYPES.map(({ name }, i) => `  TYPE_${name.toUpperCase()} = ${i + 1000};\n`).join(""),
    ),
  );
  const proto = PROTO.replace("  uint32 size = 2;", ANNOTATED.join("\n")).replace(/ {2}optional string label.*\n/, "");
  expect(project.generateWithBuf(proto, DECODER)).toEqual({ status: 0, stderr: "" });
  writeFileSync(join(project.folder, "numbers.ts"), NUMBERS);
  const input = FIELDS.map(({ type, label, name }) => ({
    ...{ property: camelCase(name), name, label, isWide: type.maximum > 2n ** 53n && type.isAlwaysNumber !== true },
    ...{ protoType: type.protoType, minimum: String(type.minimum), maximum: String(type.maximum) },
    ...{
      protoMinimum: String(PROTO_RANGES[type.protoType]![0]),
      protoMaximum: String(PROTO_RANGES[type.protoType]![1]),
    },
  }));
  const { status, stdout, stderr } = project.run("compare.ts", COMPARE, JSON.stringify(input));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  // Written by the script above.
  results = JSON.parse(stdout) as Result[];
});

afterAll(() => project.remove());

describe("a semantic type of whole numbers", () => {
  it.each(FIELDS)("$name: each number is kept, or adjusted and counted; readers refuse others", (field) => {
    const { type, label, name } = field;
    const found = results.filter((result) => result.name === name);
    expect(found.length).toBeGreaterThan(4);
    const isInRange = (value: bigint) => value >= type.minimum && value <= type.maximum;
    for (const { given, stored, reread, adjusted } of found) {
      const value = BigInt(given);
      const isKept = isInRange(value);
      const nearest = isKept ? value : value < type.minimum ? type.minimum : type.maximum;
      const expected = label === "optional " && !isKept ? "null" : String(nearest);
      // Instead of a bound beyond 2^53, the nearest number that a double holds.
      const hasDouble = BigInt(Number(nearest)) === nearest;
      expect({ given, adjusted }).toEqual({ given, adjusted: isKept ? 0 : 1 });
      if (isKept || hasDouble) expect({ given, stored }).toEqual({ given, stored: expected });
      if (type.isAlwaysNumber !== true) expect({ given, reread }).toEqual({ given, reread: stored });
    }
    const messages = found.filter(({ sent }) => sent !== undefined);
    expect(messages.length).toBeGreaterThan(2);
    for (const { sent, fromMessage } of messages) {
      if (isInRange(BigInt(sent!))) expect({ sent, fromMessage }).toEqual({ sent, fromMessage: sent });
      else expect(fromMessage).toMatch(/malformed rows: \w+ is -?\d+ where its type has -?\d+ to \d+/);
    }
  });
});
