import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECODER, lineOf, PROTO, ToyProject } from "../testing/toy-project.js";

let project: ToyProject;

beforeAll(() => {
  project = new ToyProject();
});

afterAll(() => project.remove());

describe("a plugin in order", () => {
  it("gives a new field a new version of the table and leaves the old columns in place", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const before = JSON.parse(project.read("schema.lock.json")).tables.toy;
    const { status } = project.generateWithBuf(
      PROTO.replace("uint32 size = 2;", "uint32 colour = 4;\n  uint32 size = 2;"),
      DECODER,
    );
    expect(status).toBe(0);
    const after = JSON.parse(project.read("schema.lock.json")).tables.toy;
    expect(after.version).toBe(2);
    expect(after.columns.slice(0, before.columns.length)).toEqual(before.columns);
    expect(after.columns.at(-1)).toMatchObject({ name: "colour", since: 2 });
    expect(project.read("toy/duckdb.ts")).toContain(
      'ALTER TABLE \\"toy\\" ADD COLUMN IF NOT EXISTS \\"colour\\" UINTEGER DEFAULT 0',
    );
  });
});

describe("a plugin author's mistakes", () => {
  it("a field that was removed, retyped or renumbered since the lock file is refused, and the lock file stays", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const lock = project.read("schema.lock.json");
    const line = lineOf(PROTO, "message Toy");
    expect(project.refusal(PROTO.replace("  uint32 size = 2;\n", ""))).toContain(
      `plugins/toy/toy.proto:${line}: field size was removed`,
    );
    const retyped = PROTO.replace("uint32 size", "string size");
    expect(project.refusal(retyped)).toContain(
      `plugins/toy/toy.proto:${lineOf(retyped, "string size")}: field size was uint32 and is now text`,
    );
    const renumbered = PROTO.replace("size = 2", "size = 5");
    expect(project.refusal(renumbered)).toContain("field size had number 2");
    expect(project.read("schema.lock.json")).toBe(lock);
  });

  it("a mistake in a field that was generated before is reported alone", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    for (const mistake of ["float size = 2", "uint32 size = 2 [(wireloom.v1.field) = {max_bytes: 100000000}]"]) {
      const said = project.refusal(PROTO.replace("uint32 size = 2", mistake));
      expect(said.match(/^.*plugins\/toy\/toy\.proto:\d+: /gm)).toHaveLength(1);
      expect(said).toContain(`plugins/toy/toy.proto:${lineOf(PROTO, "uint32 size")}: `);
      expect(said).not.toMatch(/removed|never released/);
    }
  });

  it("a table that was never released can be generated anew, as the error explains", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const renamed = PROTO.replace("uint32 size = 2", "string name = 2");
    const said = project.refusal(renamed);
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
    const said = project.refusal(PROTO);
    expect(said).toMatch(/generated\/schema\.lock\.json: cannot be read: .+; repair it/);
    expect(said).not.toMatch(/\n\s+at /);
  });
});
