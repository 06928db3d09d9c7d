import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECODER, lineOf, PROTO, ToyProject } from "./testing/toy-project.js";

let project: ToyProject;

beforeAll(() => {
  project = new ToyProject();
});

afterAll(() => project.remove());

describe("a valid plugin", () => {
  it("generates every output", () => {
    project.forget();
    const { status, stderr } = project.generateWithBuf(PROTO, DECODER);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(project.read("toy/record.ts")).toContain("class ToyRecord");
    expect(project.read("toy/codec.ts")).toContain("toyCodec");
    expect(project.read("toy/toy_service.proto")).toContain(
      "rpc WatchToy(WatchToyRequest) returns (stream WatchToyResponse);",
    );
    expect(project.read("toy/query.ts")).toMatch(/^ +label: \["eq",.*,"is_null"\],$/m);
    expect(project.read("toy/query.ts")).toContain('agent_id: "/v1/agents/{agent_id}/toy",');
    // The other tests, which generate in their own process, give the same result.
    const files = project.files();
    project.forget();
    expect(project.generate(PROTO, DECODER)).toEqual({ status: 0, stderr: "" });
    expect(project.files()).toEqual(files);
  });
});

describe("npm run generate", () => {
  it("prints what was made, and nothing that is unchanged", () => {
    project.forget();
    expect(project.generateWithScript(PROTO)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^1 plugin: \d\d generated files changed\n$/),
      stderr: "",
    });
    expect(project.generateWithScript(PROTO).stdout).toBe("1 plugin: 0 generated files changed\n");
  });

  it("reports unknown options and annotations by their names", () => {
    project.forget();
    const option = PROTO.replace("size = 2", "size = 2 [(wireloom.v1.field) = {colour: 3}]");
    const { status, stdout, stderr } = project.generateWithScript(option);
    expect({ status, stdout, stderr }).toEqual({
      status: 100,
      stdout: "",
      stderr: `plugins/toy/toy.proto:${lineOf(option, "colour")}: colour is not an option of wireloom.v1.FieldOptions; docs/plugins.md lists the options\n`,
    });
    const event = PROTO.replace('title: "Toy"', 'titel: "Toy"');
    expect(project.generateWithScript(event).stderr).toContain("titel is not an option of wireloom.v1.EventOptions");
    const annotation = PROTO.replace("size = 2", "size = 2 [(wireloom.v1.colour) = 3]");
    expect(project.generateWithScript(annotation).stderr).toMatch(/toy\.proto:16:.*wireloom\.v1\.colour/);
  });

  it("prints the mistakes of a plugin alone", () => {
    project.forget();
    const said = project.generateWithScript(PROTO.replace('resource: "toy"', 'resource: "Toy"'));
    expect(said).toMatchObject({
      stdout: "",
      stderr: 'plugins/toy/toy.proto:9: resource "Toy" is not in snake_case, such as "dns"\n',
    });
  });
});

describe("two enums of one short name", () => {
  const other = `syntax = "proto3";

package wireloom.other.v1;

enum Kind {
  KIND_UNSPECIFIED = 0;
  KIND_RED = 1;
}
`;
  const proto = `${PROTO.replace(
    'import "wireloom/v1/annotations.proto";',
    'import "toy/other.proto";\nimport "wireloom/v1/annotations.proto";',
  ).replace("uint32 size = 2;", "uint32 size = 2;\n  Kind kind = 4;\n  wireloom.other.v1.Kind other_kind = 5;")}
enum Kind {
  KIND_UNSPECIFIED = 0;
  KIND_ROUND = 1;
}
`;

  it("both keep their values", () => {
    project.forget();
    expect(project.generate(proto, DECODER, { "toy/other.proto": other })).toEqual({ status: 0, stderr: "" });
    const { stdout, stderr } = project.run(
      "print-kinds.mjs",
      `import { toyTable } from "./generated/toy/table.js";
      for (const name of ["kind", "other_kind"])
        console.log(name, ...toyTable.columns.find((column) => column.name === name).enumValues.map((value) => value.name));`,
    );
    expect(stderr).toBe("");
    expect(stdout).toBe("kind UNSPECIFIED ROUND\nother_kind UNSPECIFIED RED\n");
  });
});

describe("an annotation of another project", () => {
  it("is copied to the column unchanged", () => {
    project.forget();
    const label = `syntax = "proto3";

package acme.v1;

import "google/protobuf/descriptor.proto";

extend google.protobuf.FieldOptions {
  Label label = 51234;
}

message Label {
  string text = 1;
  repeated uint32 weights = 2;
}
`;
    const proto = PROTO.replace(
      'import "wireloom/v1/annotations.proto";',
      'import "toy/label.proto";\nimport "wireloom/v1/annotations.proto";',
    ).replace(
      "uint32 size = 2;",
      'uint32 size = 2 [(acme.v1.label) = {text: "big", weights: [1, 2]}, (wireloom.v1.field).unit = "By"];',
    );
    expect(project.generate(proto, DECODER, { "toy/label.proto": label })).toEqual({ status: 0, stderr: "" });
    expect(project.read("toy/table.ts")).toContain(
      'size: { number: 2, type: "uint32", annotation: { unit: "By" }, foreignAnnotations: { "acme.v1.label": { text: "big", weights: [1, 2] } }, },',
    );
  });
});
