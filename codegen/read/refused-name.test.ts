import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApiDocument } from "../../runtime/collector/rest/openapi.js";
import { DECODER, lineOf, PROTO, ToyProject } from "../testing/toy-project.js";

let project: ToyProject;

beforeAll(() => {
  project = new ToyProject();
});

afterAll(() => project.remove());

/** The toy plugin, whose event has another name. */
function eventNamed(name: string): readonly [proto: string, decoder: string] {
  return [PROTO.replace("message Toy", `message ${name}`), DECODER.replaceAll("ToyRecord", `${name}Record`)];
}

/** The toy's proto with a group of a field `a`, included as `g = 5`. */
function withGroup(name: string): string {
  return `${PROTO.replace("uint32 size = 2;", `${name} g = 5;`)}
message ${name} {
  option (wireloom.v1.group) = {};
  uint32 a = 1;
}
`;
}

/** Another plugin, `twin`, whose files replace the words of the toy's by these. */
function twin(words: Readonly<Record<string, string>>): Record<string, string> {
  const rename = (text: string) =>
    Object.entries({ "9999": "9998", '"toy"': '"twin"', "wireloom.toy.v1": "wireloom.twin.v1", ...words }).reduce(
      (changed, [from, to]) => changed.replaceAll(from, to),
      text,
    );
  return { "twin/twin.proto": rename(PROTO), "twin/decoder.ts": rename(DECODER.replaceAll("/toy/", "/twin/")) };
}

describe("a name that generated code has already is refused", () => {
  const events: readonly (readonly [name: string, shared: string])[] = [
    ["Observation", "generated/toy/record.ts would have the name ObservationRecord twice"],
    ["Event", "generated/toy/record.ts would have the name EventRecord twice"],
    ["ObservationGroup", "generated/toy/codec.ts would have the name readObservationGroup twice"],
  ];
  it.each(events)("an event %s", (name, shared) => {
    project.forget();
    const [proto, decoder] = eventNamed(name);
    const said = project.refusal(proto, decoder);
    expect(said).toContain(
      `plugins/toy/toy.proto:${lineOf(proto, `message ${name}`)}: message ${name}: ${shared}; rename it`,
    );
    expect(said).not.toMatch(/^plugins\/toy\/schema/m);
  });

  it.each(["ToyRow", "Record"])("a group %s", (name) => {
    project.forget();
    const proto = withGroup(name);
    expect(project.refusal(proto)).toMatch(
      new RegExp(
        `^plugins/toy/toy.proto:\\d+: message \\w+: generated/toy/codec.ts would have the name \\w+${name} twice`,
        "m",
      ),
    );
  });

  it("two groups of one name in one folder", () => {
    project.forget();
    const group = (scope: string) => `syntax = "proto3";

package wireloom.${scope}.v1;

import "wireloom/v1/annotations.proto";

message Tag {
  option (wireloom.v1.group) = {};
  uint32 ${scope} = 1;
}
`;
    const proto = PROTO.replace(
      "uint32 size = 2;",
      "wireloom.a.v1.Tag a_tag = 5;\n  wireloom.b.v1.Tag b_tag = 6;",
    ).replace("import", 'import "toy/a.proto";\nimport "toy/b.proto";\nimport');
    const others = { "toy/a.proto": group("a"), "toy/b.proto": group("b") };
    const said = project.refused(project.generate(proto, DECODER, others));
    expect(said).toContain(
      "plugins/toy/b.proto:7: message Tag: generated/toy/tag-record.ts is generated twice; rename it",
    );
  });

  it("an enum that is nested beside one of the joined name, and enums whose values have one name", () => {
    project.forget();
    const fields = (first: string, second: string) =>
      PROTO.replace("uint32 size = 2;", `${first} a = 4;\n  ${second} b = 5;`);
    const nested = `${fields("Neg_Kind", "Neg.Kind")}
enum Neg_Kind {
  NEG_KIND_UNSPECIFIED = 0;
}

message Neg {
  enum Kind {
    KIND_UNSPECIFIED = 0;
  }
}
`;
    expect(project.refusal(nested)).toContain(
      `plugins/toy/toy.proto:${lineOf(nested, "enum Neg_Kind")}: enum Neg_Kind: generated/toy/toy_enums.ts would have the name Neg_Kind twice`,
    );
    const cased = `${fields("Kind", "kind")}\nenum Kind {\n  KIND_UNSPECIFIED = 0;\n}\n\nenum kind {\n  kind_UNSPECIFIED = 0;\n}\n`;
    expect(project.refusal(cased)).toContain("would have the name kindValues twice");
    const imported = `${fields("enumValues", "enumValues")}\nenum enumValues {\n  ENUM_UNSPECIFIED = 0;\n}\n`;
    expect(project.refusal(imported)).toContain(
      "enum enumValues: generated/toy/toy_enums.ts would have the name enumValues twice",
    );
  });

  it("an enum of the name that protobuf-es gives the event's descriptor", () => {
    project.forget();
    const proto = `${PROTO}\nenum ToySchema {\n  TOY_SCHEMA_UNSPECIFIED = 0;\n}\n`;
    expect(project.refusal(proto)).toContain(
      `plugins/toy/toy.proto:${lineOf(proto, "enum ToySchema")}: enum ToySchema: generated/toy/toy_pb.ts would have the name ToySchema twice`,
    );
  });
});

describe("a name of the generated service is refused", () => {
  const declarations = [
    "message ListToyRequest {}",
    "message ToyFilter {}",
    "message TOY_FIELD_SIZE {}",
    "enum ToyField {\n  OTHER_UNSPECIFIED = 0;\n}",
    "service ToyService {}",
  ];
  it.each(declarations)("%s", (declaration) => {
    project.forget();
    const proto = `${PROTO}\n${declaration}\n`;
    const [what, name] = declaration.split(" ");
    expect(project.refusal(proto)).toContain(
      `plugins/toy/toy.proto:${lineOf(proto, declaration)}: ${what} ${name}: the generated service of Toy declares wireloom.toy.v1.${name}; rename this ${what}`,
    );
  });

  it("an enum's value, a declaration in another file, and a file", () => {
    project.forget();
    const value = `${PROTO}\nenum Other {\n  TOY_FIELD_UNSPECIFIED = 0;\n}\n`;
    expect(project.refusal(value)).toContain(
      `plugins/toy/toy.proto:${lineOf(value, "TOY_FIELD_UNSPECIFIED")}: enum value TOY_FIELD_UNSPECIFIED: the generated service of Toy declares`,
    );
    const message = 'syntax = "proto3";\n\npackage wireloom.toy.v1;\n\nmessage GetToyRequest {}\n';
    const said = project.refused(project.generate(PROTO, DECODER, { "toy/toy_service.proto": message }));
    expect(said.split("\n")).toEqual([
      "plugins/toy/toy_service.proto:1: the generated service of Toy is a file of this name; rename this file",
      "plugins/toy/toy_service.proto:5: message GetToyRequest: the generated service of Toy declares wireloom.toy.v1.GetToyRequest; rename this message",
    ]);
  });
});

describe("an event's name", () => {
  it("is refused if another plugin's event has it, or the name of its page", () => {
    project.forget();
    expect(project.refused(project.generate(PROTO, DECODER, twin({})))).toContain(
      "plugins/twin/twin.proto:9: the generated name toy is already that of plugins/toy/toy.proto",
    );
    expect(project.refused(project.generate(PROTO, DECODER, twin({ Toy: "ToyPage" })))).toContain(
      "plugins/twin/twin.proto:9: the generated name toyPage is already that of plugins/toy/toy.proto",
    );
  });

  it("is refused if the collector's OpenAPI document has it without events", () => {
    project.forget();
    const { components, paths } = openApiDocument([], "1") as {
      components: { schemas: Record<string, unknown> };
      paths: Record<string, { get: { operationId: string } }>;
    };
    const operations = Object.values(paths).map(({ get }) => get.operationId.replace(/^(list|get)/, ""));
    for (const name of [...Object.keys(components.schemas), ...operations])
      expect(project.refusal(...eventNamed(name))).toContain(
        `plugins/toy/toy.proto:9: message ${name}: the collector's OpenAPI document has this name already; rename the message`,
      );
  });
});

describe("a field's name", () => {
  it("is refused with the group that has it, in the name or in the property", () => {
    project.forget();
    const named = withGroup("Tag").replace("Tag g = 5;", "Tag g = 5;\n  uint32 a = 6;");
    expect(project.refusal(named)).toBe(
      `plugins/toy/toy.proto:${lineOf(named, "uint32 a = 6")}: field a: a field of the group g (wireloom.toy.v1.Tag) has this name already; rename this field`,
    );
    const cased = withGroup("Tag")
      .replace("Tag g = 5;", "Tag g = 5;\n  uint32 a_1 = 6;")
      .replace("uint32 a = 1", "uint32 a1 = 1");
    expect(project.refusal(cased)).toContain(
      "field a_1: a field of the group g (wireloom.toy.v1.Tag) has this name already",
    );
    const twice = withGroup("Tag").replace("Tag g = 5;", "Tag g = 5;\n  Tag h = 6;");
    expect(project.refusal(twice)).toBe(
      "plugins/toy/toy.proto:9: field a: the group wireloom.toy.v1.Tag is included twice, as g and h; remove one of them",
    );
  });

  it.each(["reset", "has_overflowed", "GroupX"])("is refused for a group: %s", (name) => {
    project.forget();
    const proto = withGroup("Tag").replace("Tag g = 5;", `Tag ${name} = 5;`);
    expect(project.refusal(proto)).toMatch(
      new RegExp(
        `^plugins/toy/toy.proto:${lineOf(proto, `Tag ${name}`)}: field ${name}: (the name is reserved|a field's name must be in)`,
      ),
    );
  });
});

describe("a folder's name", () => {
  it.each(["my-Proto", "My", "2nd"])("%s is refused with the rule", (name) => {
    project.forget();
    const files = twin({ Toy: "Twin" });
    const others = {
      [`${name}/${name}.proto`]: files["twin/twin.proto"]!,
      [`${name}/decoder.ts`]: files["twin/decoder.ts"]!,
    };
    expect(project.refused(project.generate(PROTO, DECODER, others))).toContain(
      `plugins/${name}/${name}.proto:9: the folder's name "${name}" is not in snake_case: lower-case letters and digits, in words separated by _; rename it`,
    );
  });

  it("is that of its proto, has one event, and is not one of the project's own", () => {
    project.forget();
    const files = twin({ Toy: "Twin" });
    const proto = files["twin/twin.proto"]!;
    const place = (path: string) => project.refused(project.generate(PROTO, DECODER, { [path]: proto }));
    expect(place("twin/other.proto")).toContain(
      "plugins/twin/other.proto:9: the event of this folder must be declared in twin.proto; rename this file, or move it to a folder of its own",
    );
    expect(place("testing/testing.proto")).toContain(
      "plugins/testing/testing.proto:9: the folder's name testing is reserved",
    );
    expect(place("wireloom/wireloom.proto")).toContain(
      "plugins/wireloom/wireloom.proto:9: the folder's name wireloom is reserved",
    );
    expect(place("toy/twin.proto")).toContain(
      "plugins/toy/twin.proto:9: the event of this folder must be declared in toy.proto; rename this file, or move it to a folder of its own",
    );
    expect(place("twin.proto")).toContain(
      "plugins/twin.proto:9: an event's proto is plugins/<name>/<name>.proto; move it there",
    );
  });
});
