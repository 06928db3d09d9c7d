import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const PROTO = `syntax = "proto3";

package wireloom.toy.v1;

import "wireloom/v1/annotations.proto";
import "wireloom/v1/observation.proto";

// One toy message.
message Toy {
  option (wireloom.v1.event) = {
    resource: "toy"
    title: "Toy"
    udp_ports: 9999
  };
  wireloom.v1.Observation observation = 1;
  uint32 size = 2;
  optional string label = 3 [(wireloom.v1.field) = {max_bytes: 20}];
}
`;

const DECODER = `import type { ToyRecord } from "../../generated/toy/record.js";
import type { DatagramDecoder } from "../../runtime/plugin/hooks.js";
import { Verdict } from "../../runtime/plugin/verdict.js";

export const decodeDatagram: DatagramDecoder<ToyRecord> = (datagram, out) => {
  out.emit();
  return Verdict.Accepted;
};
`;

/** A project of one plugin in a folder of its own, with this project's protos and codegen. */
class ToyProject {
  readonly folder = mkdtempSync(join(tmpdir(), "wireloom-codegen-"));

  constructor() {
    cpSync(join(root, "proto"), join(this.folder, "proto"), { recursive: true });
    cpSync(join(root, "buf.yaml"), join(this.folder, "buf.yaml"));
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    symlinkSync(join(root, "runtime"), join(this.folder, "runtime"));
    cpSync(join(root, "package.json"), join(this.folder, "package.json"));
    const plugin = join(root, "codegen", "protoc-gen-wireloom.ts");
    writeFileSync(
      join(this.folder, "buf.gen.yaml"),
      `version: v2\nclean: true\nplugins:\n  - local: [node, --import, tsx, ${JSON.stringify(plugin)}]\n    out: generated\n    strategy: all\n`,
    );
  }

  /** Writes the plugin's files and generates; answers buf's exit code and what it printed. */
  generate(proto: string, decoder: string | null, others: Readonly<Record<string, string>> = {}) {
    rmSync(join(this.folder, "plugins"), { recursive: true, force: true });
    const files: Record<string, string> = { "toy/toy.proto": proto, ...others };
    if (decoder !== null) files["toy/decoder.ts"] = decoder;
    for (const [path, content] of Object.entries(files)) {
      const absolute = join(this.folder, "plugins", path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
    }
    const buf = join(root, "node_modules", ".bin", "buf");
    const { status, stderr } = spawnSync(buf, ["generate"], { cwd: this.folder, encoding: "utf8" });
    return { status, stderr };
  }

  /** Runs a script beside the generated code. */
  run(name: string, script: string) {
    writeFileSync(join(this.folder, name), script);
    const command = ["--import", import.meta.resolve("tsx"), name];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: this.folder, encoding: "utf8" });
    return { status, stdout, stderr };
  }

  read(path: string): string {
    return readFileSync(join(this.folder, "generated", path), "utf8");
  }

  write(path: string, content: string): void {
    writeFileSync(join(this.folder, "generated", path), content);
  }

  forget(): void {
    rmSync(join(this.folder, "generated"), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let project: ToyProject;
beforeAll(() => {
  project = new ToyProject();
});
afterAll(() => project.remove());

/** Generates a plugin that must be refused and answers what was said. */
function refusal(proto: string, decoder: string | null = DECODER, others = {}): string {
  const { status, stderr } = project.generate(proto, decoder, others);
  expect(status).not.toBe(0);
  expect(stderr).not.toMatch(/\n\s+at /);
  return stderr;
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}

describe("a plugin in order", () => {
  it("generates every output", () => {
    project.forget();
    const { status, stderr } = project.generate(PROTO, DECODER);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(project.read("toy/record.ts")).toContain("class ToyRecord");
    expect(project.read("toy/codec.ts")).toContain("toyCodec");
    expect(project.read("toy/toy_service.proto")).toContain(
      "rpc WatchToy(WatchToyRequest) returns (stream WatchToyResponse);",
    );
    expect(project.read("toy/query.ts")).toContain('"label_is_null"');
    expect(JSON.parse(project.read("openapi.json"))).toMatchObject({ paths: { "/v1/agents/{agent_id}/toy": {} } });
  });

  it("gives a new field a new version of the table and leaves the old columns in place", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const before = JSON.parse(project.read("schema.lock.json")).tables.toy;
    const { status } = project.generate(
      PROTO.replace("uint32 size = 2;", "uint32 colour = 4;\n  uint32 size = 2;"),
      DECODER,
    );
    expect(status).toBe(0);
    const after = JSON.parse(project.read("schema.lock.json")).tables.toy;
    expect(after.version).toBe(2);
    expect(after.columns.slice(0, before.columns.length)).toEqual(before.columns);
    expect(after.columns.at(-1)).toMatchObject({ name: "colour", since: 2 });
    expect(project.read("toy/table.ts")).toContain(
      'ALTER TABLE \\"toy\\" ADD COLUMN IF NOT EXISTS \\"colour\\" UINTEGER DEFAULT 0',
    );
  });
});

/** Compares what the generated codecs write with what protobuf-es writes, and with what the codecs read of it. */
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
    "may be %d: every kind of field is what protobuf-es writes",
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

describe("a plugin author's mistakes", () => {
  const cases: readonly { mistake: string; proto: string; line: string; says: string }[] = [
    {
      mistake: "an annotation value that does not exist",
      proto: PROTO.replace("uint32 size = 2;", "uint32 size = 2 [(wireloom.v1.field).type = TYPE_COLOUR];"),
      line: "TYPE_COLOUR",
      says: "TYPE_COLOUR",
    },
    {
      mistake: "a type that the proto type cannot be",
      proto: PROTO.replace("uint32 size = 2;", "uint32 size = 2 [(wireloom.v1.field).type = TYPE_IP];"),
      line: "TYPE_IP",
      says: "type ip is written as bytes, not as uint32",
    },
    {
      mistake: "a nested field",
      proto: `${PROTO.replace("uint32 size = 2;", "Inner inner = 2;")}\nmessage Inner {\n  uint32 x = 1;\n}\n`,
      line: "Inner inner",
      says: "tables are flat",
    },
    {
      mistake: "a map",
      proto: PROTO.replace("uint32 size = 2;", "map<string, string> labels = 2;"),
      line: "labels",
      says: "a table field cannot be a map",
    },
    {
      mistake: "a oneof",
      proto: PROTO.replace("uint32 size = 2;", "oneof either {\n    uint32 size = 2;\n  }"),
      line: "oneof either",
      says: "a table has no oneof",
    },
    {
      mistake: "a reserved column name",
      proto: PROTO.replace("uint32 size", "uint32 src_port"),
      line: "src_port",
      says: "field src_port: the name is reserved",
    },
    {
      mistake: "a name of a query parameter",
      proto: PROTO.replace("uint32 size", "uint32 page_size"),
      line: "page_size",
      says: "field page_size: the name is reserved",
    },
    {
      mistake: "a port that is none",
      proto: PROTO.replace("9999", "70000"),
      line: "message Toy",
      says: "70000 is not a port",
    },
    {
      mistake: "an event without an observation",
      proto: PROTO.replace("wireloom.v1.Observation observation = 1;", ""),
      line: "message Toy",
      says: "wireloom.v1.Observation observation = 1;",
    },
    {
      mistake: "an event bound to nothing",
      proto: PROTO.replace("    udp_ports: 9999\n", ""),
      line: "message Toy",
      says: "bound to no traffic",
    },
    {
      mistake: "a resource that is not a name",
      proto: PROTO.replace('resource: "toy"', 'resource: "Toy box"'),
      line: "message Toy",
      says: "is not in snake_case",
    },
    {
      mistake: "a bound on a number",
      proto: PROTO.replace("uint32 size = 2;", "uint32 size = 2 [(wireloom.v1.field).max_bytes = 4];"),
      line: "uint32 size",
      says: "max_bytes is for string and bytes fields",
    },
  ];

  it.each(cases)("$mistake is refused with file and line", ({ proto, line, says }) => {
    project.forget();
    const said = refusal(proto);
    expect(said).toContain(`plugins/toy/toy.proto:${lineOf(proto, line)}:`);
    expect(said).toContain(says);
  });

  it("a resource and a port that another plugin has are refused", () => {
    project.forget();
    const twin = PROTO.replace("wireloom.toy.v1", "wireloom.twin.v1").replaceAll("Toy", "Twin");
    const said = refusal(PROTO, DECODER, {
      "twin/twin.proto": twin,
      "twin/decoder.ts": DECODER.replaceAll("Toy", "Twin"),
    });
    expect(said).toMatch(/plugins\/twin\/twin\.proto:9: resource "toy" is bound by plugins\/toy\/toy\.proto already/);
    expect(said).toMatch(/plugins\/twin\/twin\.proto:9: UDP port 9999 is bound by plugins\/toy\/toy\.proto already/);
  });

  it("a missing decoder file, a missing hook, a misspelt one, one without its type and one of another record are refused", () => {
    project.forget();
    rmSync(join(project.folder, "plugins"), { recursive: true, force: true });
    expect(refusal(PROTO, "")).toContain("plugins/toy/decoder.ts:1: exports no decodeDatagram");
    expect(refusal(PROTO, DECODER.replace("decodeDatagram:", "decodeDatagrams:"))).toContain(
      "plugins/toy/decoder.ts:5: decodeDatagrams is not a hook; did you mean decodeDatagram?",
    );
    expect(refusal(PROTO, DECODER.replace(": DatagramDecoder<ToyRecord>", ""))).toContain(
      "plugins/toy/decoder.ts:5: decodeDatagram is declared without its type",
    );
    expect(refusal(PROTO, DECODER.replace("DatagramDecoder<ToyRecord>", "DatagramDecoder<DnsRecord>"))).toContain(
      "plugins/toy/decoder.ts:5: decodeDatagram is a DatagramDecoder<DnsRecord>; declare it as: export const decodeDatagram: DatagramDecoder<ToyRecord>",
    );
    const extra = `${DECODER}\nexport const decodeFrame: FrameDecoder<ToyRecord> = () => Verdict.NotMine;\n`;
    expect(refusal(PROTO, extra)).toContain(
      "plugins/toy/decoder.ts:10: decodeFrame is exported, but the event declares no ethertypes or ip_protocols",
    );
    expect(refusal(PROTO, null)).toContain("plugins/toy/decoder.ts:1: is missing; it exports decodeDatagram");
  });

  it("a field that was removed, retyped or renumbered since the lock file is refused, and the lock file stays", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const lock = project.read("schema.lock.json");
    const line = lineOf(PROTO, "message Toy");
    expect(refusal(PROTO.replace("  uint32 size = 2;\n", ""))).toContain(
      `plugins/toy/toy.proto:${line}: field size was removed`,
    );
    const retyped = PROTO.replace("uint32 size", "string size");
    expect(refusal(retyped)).toContain(
      `plugins/toy/toy.proto:${lineOf(retyped, "string size")}: field size was uint32 and is now text`,
    );
    const renumbered = PROTO.replace("size = 2", "size = 5");
    expect(refusal(renumbered)).toContain("field size had number 2");
    expect(project.read("schema.lock.json")).toBe(lock);
  });

  it("a mistake in a field that was generated before is reported alone", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    for (const mistake of ["float size = 2", "uint32 size = 2 [(wireloom.v1.field) = {max_bytes: 100000000}]"]) {
      const said = refusal(PROTO.replace("uint32 size = 2", mistake));
      expect(said.match(/^.*plugins\/toy\/toy\.proto:\d+: /gm)).toHaveLength(1);
      expect(said).toContain(`plugins/toy/toy.proto:${lineOf(PROTO, "uint32 size")}: `);
      expect(said).not.toMatch(/removed|never released/);
    }
  });

  it("a table that was never released can be generated anew, as the refusal says", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const renamed = PROTO.replace("uint32 size = 2", "string name = 2");
    const said = refusal(renamed);
    expect(said).toContain(
      `plugins/toy/toy.proto:${lineOf(PROTO, "message Toy")}: if toy was never released, delete the member "toy" of "tables" in generated/schema.lock.json`,
    );
    expect(said.match(/was never released/g)).toHaveLength(1);
    const lock = JSON.parse(project.read("schema.lock.json"));
    delete lock.tables.toy;
    project.write("schema.lock.json", JSON.stringify(lock));
    expect(project.generate(renamed, DECODER)).toMatchObject({ status: 0 });
    expect(JSON.parse(project.read("schema.lock.json")).tables.toy.version).toBe(1);
  });

  it.each(["{", "[]", '{"table": {}}'])("a lock file that was edited to %s is reported in one line", (content) => {
    project.forget();
    project.generate(PROTO, DECODER);
    project.write("schema.lock.json", content);
    const said = refusal(PROTO);
    expect(said).toMatch(/generated\/schema\.lock\.json: cannot be read: .+; repair it/);
    expect(said).not.toMatch(/\n\s+at /);
  });
});
