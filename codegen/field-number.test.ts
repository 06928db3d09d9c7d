import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECODER, PROTO, ToyProject } from "./toy-project-fixture.js";

let project: ToyProject;

beforeAll(() => {
  project = new ToyProject();
});

afterAll(() => project.remove());

/** Compares what the generated codecs write with what protobuf-es writes, and with what the codecs write after reading it. */
const COMPARE = `import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { randomEvents } from "./generated/random-events.js";
import { BatchWriter } from "./runtime/wire/batch-writer.js";
import { Random } from "./runtime/wire/random.js";

const random = new Random(7);
for (const { codec, message, fillRandom } of randomEvents) {
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
    if (peer.$unknown !== undefined) throw new Error("fields that protobuf-es does not know");
    if (Buffer.compare(toBinary(message, peer), body) !== 0) throw new Error("protobuf-es writes other bytes");
    again.reset();
    codec.decode(body, 0, body.length, again);
    if (Buffer.compare(encode(again), rows) !== 0) throw new Error("the codec reads another record");
  }
  process.stdout.write(message.typeName);
}
`;

describe("a field's number", () => {
  // Tags of 3 bytes, of 3 and 4, of 4 and 5, and the largest number as the last.
  it.each([2048, 20_000, 262_130, 33_554_420, 536_870_891])(
    "may be %d: every kind of field is written as protobuf-es writes it",
    (first) => {
      const types = [
        ...["uint32", "sint32", "uint64", "int64", "string", "bytes", "bool", "double"].flatMap((type) => [
          type,
          `optional ${type}`,
        ]),
        ...["uint32", "sint32", "double", "string"].map((type) => `repeated ${type}`),
      ];
      const fields = types.map((type, i) => `  ${type} field_${i} = ${first + i};`);
      const last = `  optional uint64 at = ${first + types.length} [(wireloom.v1.field).type = TYPE_DURATION];`;
      project.forget();
      const proto = PROTO.replace("  uint32 size = 2;", [...fields, last].join("\n"));
      expect(project.generate(proto, DECODER).stderr).toBe("");
      expect(project.run("compare.ts", COMPARE)).toEqual({ status: 0, stdout: "wireloom.toy.v1.Toy", stderr: "" });
    },
  );
});
