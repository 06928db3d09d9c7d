import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECODER, PROTO, ToyProject } from "../testing/toy-project.js";

/**
 * Compares the output of the generated codecs with that of protobuf-es, and with the codecs' output after reading it. Prints a line
 * for each message, with the first difference if there is one.
 */
const COMPARE = `import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { randomEvents } from "./generated/testing/random-events.js";
import { BatchWriter } from "./runtime/protobuf/batch-writer.js";
import { Random } from "./runtime/record/testing/random.js";

for (const { codec, message, fillRandom } of randomEvents) {
  console.log(message.typeName, difference(codec, message, fillRandom));
}

function difference(codec, message, fillRandom) {
  const random = new Random(7);
  const record = codec.createRecord();
  const again = codec.createRecord();
  const encode = (from) => {
    const writer = new BatchWriter(64);
    codec.encode(from, writer);
    return writer.take();
  };
  for (let i = 0; i < 2000; i++) {
    record.reset();
    fillRandom(random, record);
    const rows = encode(record);
    let at = 1;
    while (rows[at] > 127) at++;
    const body = rows.subarray(at + 1);
    const peer = fromBinary(message, body);
    if (peer.$unknown !== undefined) return "fields unknown to protobuf-es";
    if (Buffer.compare(toBinary(message, peer), body) !== 0) return "protobuf-es writes other bytes";
    again.reset();
    codec.decode(body, 0, body.length, again);
    if (Buffer.compare(encode(again), rows) !== 0) return "the codec reads another record";
  }
  return "none";
}
`;

// Tags of 3 bytes, of 3 and 4, of 4 and 5, and the largest number last.
const FIRST_NUMBERS = [2048, 20_000, 262_130, 33_554_420, 536_870_891];

/** A plugin with a field of every kind, whose numbers begin with `first`, and with its own name, resource and port. */
function pluginOf(first: number): { readonly name: string; readonly proto: string; readonly decoder: string } {
  const types = [
    ...["uint32", "sint32", "uint64", "int64", "string", "bytes", "bool", "double"].flatMap((type) => [
      type,
      `optional ${type}`,
    ]),
    ...["uint32", "sint32", "double", "string"].map((type) => `repeated ${type}`),
  ];
  const fields = types.map((type, i) => `  ${type} field_${i} = ${first + i};`);
  const last = `  optional uint64 at = ${first + types.length} [(wireloom.v1.field).type = TYPE_DURATION];`;
  const rename = (text: string) => text.replaceAll("toy", `toy${first}`).replaceAll("Toy", `Toy${first}`);
  const proto = PROTO.replace("  uint32 size = 2;", [...fields, last].join("\n"));
  return {
    name: `toy${first}`,
    proto: rename(proto).replace("9999", String(9990 + FIRST_NUMBERS.indexOf(first))),
    decoder: rename(DECODER),
  };
}

let project: ToyProject;
let compared: { status: number | null; stdout: string; stderr: string };

beforeAll(() => {
  project = new ToyProject();
  const others = FIRST_NUMBERS.map(pluginOf).flatMap(({ name, proto, decoder }) => [
    [`${name}/${name}.proto`, proto],
    [`${name}/decoder.ts`, decoder],
  ]);
  expect(project.generate(PROTO, DECODER, Object.fromEntries(others))).toEqual({ status: 0, stderr: "" });
  compared = project.run("compare.ts", COMPARE);
});

afterAll(() => project.remove());

describe("a field's number", () => {
  it.each(FIRST_NUMBERS)("may be %d: every kind of field is encoded as by protobuf-es", (first) => {
    expect(compared).toMatchObject({ status: 0, stderr: "" });
    expect(compared.stdout.split("\n")).toContain(`wireloom.toy${first}.v1.Toy${first} none`);
  });
});
