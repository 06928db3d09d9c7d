import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECODER, lineOf, PROTO, ToyProject } from "../testing/toy-project.js";

let project: ToyProject;

beforeAll(() => {
  project = new ToyProject();
});

afterAll(() => project.remove());

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
      says: "a table cannot have a oneof",
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
    ...["wireloom_sessions", "dns_readable"].map((resource) => ({
      mistake: `the resource ${resource}`,
      proto: PROTO.replace(/resource: "\w+"/, `resource: "${resource}"`),
      line: "message Toy",
      says: `resource "${resource}" is a table or view of the store`,
    })),
    ...["agents", "capture", "decode", "engine"].map((resource) => ({
      mistake: `the resource ${resource}`,
      proto: PROTO.replace(/resource: "\w+"/, `resource: "${resource}"`),
      line: "message Toy",
      says: `resource "${resource}" is taken by the collector; choose another one`,
    })),
    ...["reset", "bytes", "columns", "row_count", "has_overflowed", "constructor", "to_string", "value_of"].map(
      (name) => ({
        mistake: `the field ${name}, the name of a member of generated classes`,
        proto: PROTO.replace("uint32 size", `uint32 ${name}`),
        line: `uint32 ${name}`,
        says: `field ${name}: the name is reserved: generated classes have a member of this name; rename it, for example to ${name}_value`,
      }),
    ),
    {
      mistake: "two fields with a filter in common",
      proto: PROTO.replace("uint32 size = 2;", "uint32 size = 2;\n  uint32 size_not = 4;"),
      line: "uint32 size_not",
      says: "field size_not: size_not_in would be a filter of both size and this field; rename one of them",
    },
    {
      mistake: "a unit that is a word",
      proto: PROTO.replace("uint32 size = 2;", 'uint32 size = 2 [(wireloom.v1.field).unit = "so many"];'),
      line: "uint32 size",
      says: 'unit "so many" is not a UCUM code of a common unit, such as By, bit, s, ms, {packet}, By/s, % or 1',
    },
    {
      mistake: "the unit of a text",
      proto: PROTO.replace("{max_bytes: 20}", '{max_bytes: 20, unit: "By"}'),
      line: "optional string label",
      says: "field label: unit is for numbers",
    },
    {
      mistake: "a keyed hash of a number",
      proto: PROTO.replace("uint32 size = 2;", "uint32 size = 2 [(wireloom.v1.field).sensitive = SENSITIVITY_HASH];"),
      line: "uint32 size",
      says: "sensitive: SENSITIVITY_HASH is for texts, bytes, addresses and MAC addresses",
    },
    {
      mistake: "a retention of 0",
      proto: PROTO.replace('title: "Toy"', 'title: "Toy"\n    retention: {seconds: 0}'),
      line: "message Toy",
      says: "retention must be a whole number of seconds above 0",
    },
    {
      mistake: "an invalid port",
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
      mistake: "an event without bindings",
      proto: PROTO.replace("    udp_ports: 9999\n", ""),
      line: "message Toy",
      says: "not bound to any traffic",
    },
    {
      mistake: "a resource that is not in snake_case",
      proto: PROTO.replace('resource: "toy"', 'resource: "Toy box"'),
      line: "message Toy",
      says: "is not in snake_case",
    },
    {
      mistake: "a default value that its option does not allow",
      proto: PROTO.replace(
        "    udp_ports: 9999\n",
        '    udp_ports: 9999\n    options: {name: "pause", default_value: "soon", type: OPTION_TYPE_SECONDS}\n',
      ),
      line: "message Toy",
      says: 'option pause: its default_value must be a number of seconds above 0, up to 86400, not "soon"',
    },
    {
      mistake: "a length limit of a number",
      proto: PROTO.replace("uint32 size = 2;", "uint32 size = 2 [(wireloom.v1.field).max_bytes = 4];"),
      line: "uint32 size",
      says: "max_bytes is for string and bytes fields",
    },
  ];

  it.each(cases)("$mistake is refused with file and line", ({ proto, line, says }) => {
    project.forget();
    const said = project.refusal(proto);
    expect(said).toContain(`plugins/toy/toy.proto:${lineOf(proto, line)}:`);
    expect(said).toContain(says);
  });

  it("a resource and a port of another plugin are refused", () => {
    project.forget();
    const twin = PROTO.replace("wireloom.toy.v1", "wireloom.twin.v1").replaceAll("Toy", "Twin");
    const said = project.refused(
      project.generateWithBuf(PROTO, DECODER, {
        "twin/twin.proto": twin,
        "twin/decoder.ts": DECODER.replaceAll("Toy", "Twin"),
      }),
    );
    expect(said).toMatch(/plugins\/twin\/twin\.proto:9: resource "toy" is already that of plugins\/toy\/toy\.proto/);
    expect(said).toMatch(/plugins\/twin\/twin\.proto:9: UDP port 9999 is already that of plugins\/toy\/toy\.proto/);
  });

  it("a port of an earlier plugin is refused in the new one, also if the new one's name is the first", () => {
    project.forget();
    expect(project.generateWithBuf(PROTO, DECODER).status).toBe(0);
    const another = PROTO.replace("wireloom.toy.v1", "wireloom.another.v1")
      .replaceAll("Toy", "Another")
      .replace('"toy"', '"another"');
    const said = project.refused(
      project.generateWithBuf(PROTO, DECODER, {
        "another/another.proto": another,
        "another/decoder.ts": DECODER.replaceAll("Toy", "Another").replaceAll("toy", "another"),
      }),
    );
    expect(said).toMatch(
      /plugins\/another\/another\.proto:9: UDP port 9999 is already that of plugins\/toy\/toy\.proto/,
    );
  });

  it("a missing decoder file, a missing hook, a misspelled one, one without its type and one of another record are refused", () => {
    project.forget();
    rmSync(join(project.folder, "plugins"), { recursive: true, force: true });
    expect(project.refusal(PROTO, "")).toContain("plugins/toy/decoder.ts:1: exports no decodeDatagram");
    expect(project.refusal(PROTO, DECODER.replace("decodeDatagram:", "decodeDatagrams:"))).toContain(
      "plugins/toy/decoder.ts:4: decodeDatagrams is not a hook; did you mean decodeDatagram?",
    );
    expect(project.refusal(PROTO, DECODER.replace(": DatagramDecoder<ToyRecord>", ""))).toContain(
      "plugins/toy/decoder.ts:4: decodeDatagram is declared without its type",
    );
    expect(
      project.refusal(PROTO, DECODER.replace("DatagramDecoder<ToyRecord>", "DatagramDecoder<DnsRecord>")),
    ).toContain(
      "plugins/toy/decoder.ts:4: decodeDatagram is a DatagramDecoder<DnsRecord>; declare it as: export const decodeDatagram: DatagramDecoder<ToyRecord>",
    );
    const extra = `${DECODER}\nexport const decodeFrame: FrameDecoder<ToyRecord> = () => Verdict.NotMine;\n`;
    expect(project.refusal(PROTO, extra)).toContain(
      "plugins/toy/decoder.ts:9: decodeFrame is exported, but the event declares no ethertypes or ip_protocols",
    );
    expect(project.refusal(PROTO, null)).toContain("plugins/toy/decoder.ts:1: is missing; it exports decodeDatagram");
  });

  it("tunnels and link types without their types, and numbers of another decoder, are refused with file and line", () => {
    project.forget();
    const rows = "[{ kinds: [1000], udpPorts: [4789, 9998], decode }]";
    expect(project.refusal(PROTO, `${DECODER}\nexport const tunnels = ${rows};\n`)).toContain(
      "plugins/toy/decoder.ts:9: tunnels is declared without its type; declare it as: export const tunnels: readonly Tunnel[] = …",
    );
    const tunnels = `export const tunnels: readonly Tunnel[] = ${rows};\n`;
    const linkTypes = "export const linkTypes: readonly LinkTypeDecoder[] = [{ linkTypes: [1, 147], decode }];\n";
    const decoder = `${DECODER}\n${tunnels}${linkTypes}`;
    const said = project.refused(
      project.generate(PROTO, decoder, {
        "twin/twin.proto": PROTO.replace("wireloom.toy.v1", "wireloom.twin.v1")
          .replaceAll("Toy", "Twin")
          .replace('"toy"', '"twin"')
          .replace("9999", "9997"),
        "twin/decoder.ts": decoder.replaceAll("Toy", "Twin"),
      }),
    );
    expect(said.split("\n")).toEqual([
      "plugins/toy/decoder.ts:9: tunnel at UDP port 4789 is already decoded by runtime/packet/tunnel/tunnels.ts",
      "plugins/toy/decoder.ts:10: link type 1 is already decoded by runtime/packet/link-type.ts",
      "plugins/twin/decoder.ts:9: tunnel at UDP port 4789 is already decoded by runtime/packet/tunnel/tunnels.ts",
      "plugins/twin/decoder.ts:9: tunnel at UDP port 9998 is already decoded by plugins/toy/decoder.ts",
      "plugins/twin/decoder.ts:10: link type 1 is already decoded by runtime/packet/link-type.ts",
      "plugins/twin/decoder.ts:10: link type 147 is already decoded by plugins/toy/decoder.ts",
    ]);
  });

  it("tunnels and link types are members of the registry", () => {
    project.forget();
    const tunnels = "export const tunnels: readonly Tunnel[] = [{ kinds: [1000], udpPorts: [9998], decode }];\n";
    const linkTypes = "export const linkTypes: readonly LinkTypeDecoder[] = [{ linkTypes: [147], decode }];\n";
    expect(project.generate(PROTO, `${DECODER}\n${tunnels}${linkTypes}`)).toEqual({ status: 0, stderr: "" });
    expect(project.read("registry.ts")).toMatch(/tunnels: toyDecoder\.tunnels,\s+linkTypes: toyDecoder\.linkTypes,/);
  });

  it("a request that is held without a limit is refused with file and line", () => {
    project.forget();
    const holding = DECODER.replace("out.emit();", "out.hold(1);");
    expect(project.refusal(PROTO, holding)).toContain(
      "plugins/toy/decoder.ts:5: hold is called, but the event declares no pending; add: pending: {",
    );
    const bounded = PROTO.replace('title: "Toy"', 'title: "Toy"\n    pending: {max_entries: 16, ttl_ms: 1000}');
    expect(project.generate(bounded, holding)).toEqual({ status: 0, stderr: "" });
  });

  it("a folder without an event, or that lost its event, is refused", () => {
    project.forget();
    const other = { "other/decoder.ts": DECODER };
    expect(project.refused(project.generate(PROTO, DECODER, other))).toContain(
      "plugins/other/other.proto:1: the folder has no message with option (wireloom.v1.event); add the event, or delete the folder",
    );
    const lost = PROTO.replace(/ {2}option \(wireloom\.v1\.event\) = \{[^}]*\};\n/, "");
    expect(project.generate(PROTO, DECODER)).toEqual({ status: 0, stderr: "" });
    expect(project.refusal(lost)).toContain(
      "plugins/toy/toy.proto:1: databases may have columns of this folder (schema.lock.json), but it has no message with option (wireloom.v1.event); restore the event, or delete the folder",
    );
  });
});
