import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECODER, lineOf, PROTO, ToyProject } from "../testing/toy-project.js";

let project: ToyProject;

beforeAll(() => {
  project = new ToyProject();
});

afterAll(() => project.remove());

const withOptions = (options: string) => PROTO.replace("size = 2;", `size = 2 [(wireloom.v1.field) = {${options}}];`);
const withEventOption = (option: string) => PROTO.replace("udp_ports: 9999", `udp_ports: 9999\n    ${option}`);

/** A group of a field `a`. */
const GROUP = "\nmessage Tag {\n  option (wireloom.v1.group) = {};\n  uint32 a = 1;\n}\n";

const event = (name: string, path: string) =>
  PROTO.replace("wireloom.toy.v1", `wireloom.${name}.v1`)
    .replaceAll("Toy", "Twin")
    .replace('"toy"', `"${name}"`)
    .replace("9999", "9998")
    .replace("size = 2;", `size = 2 [(wireloom.v1.field).path = "${path}"];`);

describe("a field's option is refused with file and line", () => {
  const cases: readonly (readonly [options: string, says: string])[] = [
    ["ipfix: {element: 0}", "ipfix must be {element: 1} to {element: 32767}"],
    ["ipfix: {enterprise: 29305}", "ipfix must be {element: 1} to {element: 32767}"],
    ["ipfix: {element: 32768}", "ipfix must be {element: 1} to {element: 32767}"],
    ['type: TYPE_FLAGS, flags: "FIN,SYN,FIN"', "flags has FIN twice; rename one, or write _ for a bit without a name"],
    ["role: 77", "role must be one of ROLE_CLIENT, ROLE_SERVER"],
    ["sensitive: 99", "sensitive must be one of SENSITIVITY_KEEP"],
    ["type: 99", "type must be one of TYPE_TIMESTAMP"],
    [
      'wireshark: "a b,,"',
      "wireshark must be names of Wireshark's fields, such as dns.flags.rcode, separated by commas",
    ],
    ["index: INDEX_TEXT", "index: INDEX_TEXT is for string fields"],
    ...["a b", "a/b", "Sizes", "a?b", "a%20", "{size}", "sizes-", "1st"].map(
      (path) =>
        [
          `path: "${path}"`,
          `path "${path}" must be lower-case words joined by _ or -, such as "conversations"`,
        ] as const,
    ),
    ['path: "toy"', 'path "toy" is the resource of plugins/toy/toy.proto; choose another one'],
    ['path: "agents"', 'path "agents" is that of Observation.agent_id already; choose another one'],
    ['path: "conversations"', 'path "conversations" is that of Observation.community_id already; choose another one'],
  ];
  it.each(cases)("%s", (options, says) => {
    project.forget();
    const proto = withOptions(options);
    expect(project.refusal(proto)).toContain(
      `plugins/toy/toy.proto:${lineOf(proto, "uint32 size")}: field size: ${says}`,
    );
  });

  it("with every other mistake of the field", () => {
    project.forget();
    const proto = withOptions('index: INDEX_TEXT, sensitive: SENSITIVITY_HASH, max_bytes: 9, unit: "bytes"');
    const place = `plugins/toy/toy.proto:${lineOf(proto, "uint32 size")}: field size:`;
    expect(project.refusal(proto).split("\n")).toEqual([
      `${place} max_bytes is for string and bytes fields`,
      `${place} unit "bytes" is not a UCUM code of a common unit, such as By, bit, s, ms, {packet}, By/s, % or 1`,
      `${place} index: INDEX_TEXT is for string fields`,
      `${place} sensitive: SENSITIVITY_HASH is for texts, bytes, addresses and MAC addresses`,
    ]);
  });

  it("a path of a list, and a path of two fields", () => {
    project.forget();
    const list = withOptions('path: "sizes"').replace("uint32 size", "repeated uint32 size");
    expect(project.refusal(list)).toContain("field size: path is not for repeated fields");
    const twice = withOptions('path: "things"').replace("{max_bytes: 20}", '{max_bytes: 20, path: "things"}');
    expect(project.refusal(twice)).toBe(
      `plugins/toy/toy.proto:${lineOf(twice, "label")}: field label: path "things" is that of Toy.size already; choose another one`,
    );
    const others = { "twin/twin.proto": event("twin", "sizes"), "twin/decoder.ts": DECODER.replaceAll("Toy", "Twin") };
    expect(project.refused(project.generate(withOptions('path: "sizes"'), DECODER, others))).toBe(
      'plugins/twin/twin.proto:16: field size: path "sizes" is that of Toy.size already; choose another one',
    );
    expect(project.generate(withOptions('path: "toy-sizes"'), DECODER)).toEqual({ status: 0, stderr: "" });
    expect(project.read("toy/query.ts")).toContain('size: "/v1/toy-sizes/{size}/toy",');
  });
});

describe("an event's option is refused with file and line", () => {
  const cases: readonly (readonly [option: string, says: string])[] = [
    ['options: {name: "pause", type: 9}', "option pause: type 9 is not an OptionType; use its names, such as"],
    ["retention: {seconds: 9223372036854775807}", "retention must be a whole number of seconds above 0, up to"],
  ];
  it.each(cases)("%s", (option, says) => {
    project.forget();
    expect(project.refusal(withEventOption(option))).toContain(`plugins/toy/toy.proto:9: ${says}`);
  });

  it("a resource that is a collection of the observation", () => {
    project.forget();
    expect(project.refusal(PROTO.replace('resource: "toy"', 'resource: "conversations"'))).toContain(
      'plugins/toy/toy.proto:9: resource "conversations" is the collection of the observation\'s community_id; choose another one',
    );
  });
});

describe("an annotation without effect is refused", () => {
  it("an event in another message", () => {
    project.forget();
    const proto = `${PROTO}\nmessage Outer {
  message Inner {
    option (wireloom.v1.event) = {resource: "inner", udp_ports: 7777};
    wireloom.v1.Observation observation = 1;
  }
}\n`;
    expect(project.refusal(proto)).toBe(
      `plugins/toy/toy.proto:${lineOf(proto, "message Inner")}: message Inner: an event cannot be nested in Outer; move it to the top level of its own file`,
    );
  });

  it("a message that is an event and a group", () => {
    project.forget();
    const proto = PROTO.replace("  wireloom.v1.Obs", "  option (wireloom.v1.group) = {};\n  wireloom.v1.Obs");
    expect(project.refusal(proto)).toContain(
      "plugins/toy/toy.proto:9: message Toy: a message is an event or a group, not both; remove one of the options",
    );
  });

  it("options of a field of another message, and of a group's field in an event", () => {
    project.forget();
    const other = `${PROTO}\nmessage Other {\n  uint32 a = 1 [(wireloom.v1.field).unit = "By"];\n}\n`;
    expect(project.refusal(other)).toContain(
      `plugins/toy/toy.proto:${lineOf(other, "uint32 a")}: field a: (wireloom.v1.field) has no effect, because Other is not an event or a group`,
    );
    const observation = PROTO.replace("observation = 1;", "observation = 1 [(wireloom.v1.field).list = true];");
    expect(project.refusal(observation)).toContain(
      `plugins/toy/toy.proto:${lineOf(observation, "wireloom.v1.Observation")}: field observation: (wireloom.v1.field) has no effect on a group; annotate the fields of Observation instead`,
    );
  });
});

describe("the head of a file is refused with file and line", () => {
  it("without a package", () => {
    project.forget();
    expect(project.refusal(PROTO.replace("package wireloom.toy.v1;\n", ""))).toBe(
      "plugins/toy/toy.proto:1: the file has no package; write package wireloom.toy.v1;",
    );
  });

  it("in another syntax, for an event and a group", () => {
    project.forget();
    const says = 'only proto3 is supported; write syntax = "proto3";';
    const edition = PROTO.replace('syntax = "proto3"', 'edition = "2023"').replace("optional string", "string");
    expect(project.refusal(edition)).toBe(`plugins/toy/toy.proto:1: ${says}`);
    const proto2 = `// A toy.\n${PROTO.replace('"proto3"', '"proto2"').replace("uint32 size", "optional uint32 size").replace("wireloom.v1.Obs", "optional wireloom.v1.Obs")}`;
    expect(project.refusal(proto2)).toBe(`plugins/toy/toy.proto:2: ${says}`);
    const older = (declaration: string) => {
      return `syntax = "proto2";\n\npackage wireloom.other.v1;\n\nimport "wireloom/v1/annotations.proto";\n\n${declaration}\n`;
    };
    const using = (type: string) =>
      PROTO.replace("uint32 size = 2;", `wireloom.other.v1.${type} other = 5;`).replace(
        "import",
        'import "toy/other.proto";\nimport',
      );
    const refused = (type: string, declaration: string) =>
      project.refused(project.generate(using(type), DECODER, { "toy/other.proto": older(declaration) }));
    expect(refused("Tag", GROUP.replace("uint32", "optional uint32"))).toBe(`plugins/toy/other.proto:1: ${says}`);
  });
});

describe("a number is refused with file and line", () => {
  const include = (number: number, group = GROUP) =>
    `${PROTO.replace("uint32 size = 2;", `Tag tag = ${number};`)}${group}`;

  it("of a group that the service's enum of fields cannot hold, and of a group's field that another group's would have", () => {
    project.forget();
    const proto = include(32_768);
    expect(project.refusal(proto)).toBe(
      `plugins/toy/toy.proto:${lineOf(proto, "Tag tag")}: field tag: the number of a group is at most 32767; choose another one than 32768`,
    );
    const large = include(5, GROUP.replace("a = 1", "a = 65536"));
    expect(project.refusal(large)).toContain(
      `plugins/toy/toy.proto:${lineOf(large, "uint32 a")}: field a: the number of a group's field is below 65536`,
    );
    expect(project.generate(include(32_767, GROUP.replace("a = 1", "a = 65535")), DECODER)).toEqual({
      status: 0,
      stderr: "",
    });
    expect(project.read("toy/toy_service.proto")).toContain("TOY_FIELD_A = 2147483647;");
  });

  it("of a field whose number in the service is that of a group's field", () => {
    project.forget();
    const proto = include(1, GROUP.replace("a = 1", "a = 200")).replace(
      "Tag tag = 1;",
      "Tag tag = 5;\n  uint32 size = 327780;",
    );
    expect(project.refusal(proto)).toContain(
      `plugins/toy/toy.proto:${lineOf(proto, "uint32 size")}: field size: its number in the service is that of a of the group tag (wireloom.toy.v1.Tag); choose another one`,
    );
  });
});

describe("an enum", () => {
  it("with a value that is a member of JavaScript's objects is refused", () => {
    project.forget();
    const proto = `${PROTO.replace("uint32 size = 2;", "Kind kind = 2;")}
enum Kind {
  KIND_UNSPECIFIED = 0;
  KIND___proto__ = 1;
}
`;
    expect(project.refusal(proto)).toContain(
      "field kind: the value KIND___proto__ of Kind has the name of a property of every JavaScript object",
    );
  });
});

describe("a decoder", () => {
  const tables: readonly (readonly [table: string, says: string])[] = [
    ["tunnels: readonly Tunnel[] = 5", "tunnels is not a list; write its rows in brackets: [{ … }]"],
    ["tunnels: readonly Tunnel[] = { kinds: [1000] }", "tunnels is not a list; write its rows in brackets: [{ … }]"],
    ["tunnels: readonly Tunnel[] = [37008]", "tunnels: 37008 is not a row; write { … }"],
    [
      "tunnels: readonly Tunnel[] = [{ udpPorts: 37008 }]",
      "tunnels: udpPorts is not a list; write its numbers in brackets, such as [1]",
    ],
    [
      'tunnels: readonly Tunnel[] = [{ udpPorts: ["37008"] }]',
      'tunnels: udpPorts has "37008", which is not a number from 0',
    ],
    [
      "linkTypes: readonly LinkTypeDecoder[] = undefined",
      "linkTypes is not a list; write its rows in brackets: [{ … }]",
    ],
  ];
  it.each(tables)("export const %s is refused", (table, says) => {
    project.forget();
    expect(project.refusal(PROTO, `${DECODER}\nexport const ${table};\n`)).toBe(`plugins/toy/decoder.ts:9: ${says}`);
  });

  it("may compute its tables", () => {
    project.forget();
    const decoder = `${DECODER}
export const tunnels: readonly Tunnel[] = ports.map((port) => ({ kinds: [1000], udpPorts: [port], decode }));
export const linkTypes: readonly LinkTypeDecoder[] = ([{ linkTypes: numbers, decode }, ...others]);
`;
    expect(project.generate(PROTO, decoder)).toEqual({ status: 0, stderr: "" });
  });

  it("that exports hooks or tables from another file is refused", () => {
    project.forget();
    expect(project.refusal(PROTO, `${DECODER}\nexport { tunnels } from "./tunnels.js";\n`)).toBe(
      "plugins/toy/decoder.ts:9: tunnels is exported from another file; import it and declare it here: export const tunnels: readonly Tunnel[] = …",
    );
    expect(project.refusal(PROTO, `${DECODER}\nexport * from "./hooks.js";\n`)).toBe(
      "plugins/toy/decoder.ts:9: export * hides which hooks the decoder has; declare each hook in this file",
    );
  });
});
