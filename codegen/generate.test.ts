import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECODER, PROTO, ToyProject } from "./testing/toy-project.js";

let project: ToyProject;

beforeAll(() => {
  project = new ToyProject();
});

afterAll(() => project.remove());

describe("a plugin in order", () => {
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
    expect(project.read("toy/query.ts")).toContain('label_is_null: { column: toyColumns.label, operator: "is_null" }');
    expect(project.read("toy/query.ts")).toContain('template: "/v1/agents/{agent_id}/toy"');
    // What the other tests generate in their own process is the same.
    const files = project.files();
    project.forget();
    expect(project.generate(PROTO, DECODER)).toEqual({ status: 0, stderr: "" });
    expect(project.files()).toEqual(files);
  });
});
