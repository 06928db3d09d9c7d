import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECODER, lineOf, PROTO, ToyProject } from "../testing/toy-project.js";
import { LOCK_FILE } from "./schema-lock.js";

let project: ToyProject;

beforeAll(() => {
  project = new ToyProject();
});

afterAll(() => project.remove());

describe("a valid plugin", () => {
  it("adds a new field after the existing columns, which keep their positions", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const before = JSON.parse(project.readLock()).tables.toy;
    const { status } = project.generateWithBuf(
      PROTO.replace("uint32 size = 2;", "uint32 colour = 4;\n  uint32 size = 2;"),
      DECODER,
    );
    expect(status).toBe(0);
    const { colour, ...others } = JSON.parse(project.readLock()).tables.toy;
    expect(others).toEqual(before);
    expect(colour).toEqual({ type: "uint32", number: 104, order: Object.keys(before).length + 1 });
    expect(project.read("toy/table.ts")).toMatch(/columns\.label,\n +columns\.colour,\n +\],/);
    expect(project.read("toy/duckdb.ts")).toContain(
      'ALTER TABLE \\"toy\\" ADD COLUMN IF NOT EXISTS \\"colour\\" UINTEGER DEFAULT 0',
    );
  });

  it("accepts the columns of two merged branches, whose lock files differ in one line each", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const base = project.readLock().split("\n");
    const lines = ["uint32 colour = 4;", "uint32 weight = 5;"].map((field) => {
      project.writeLock(base.join("\n"));
      expect(project.generate(PROTO.replace("uint32 size = 2;", `${field}\n  uint32 size = 2;`), DECODER).status).toBe(
        0,
      );
      return project
        .readLock()
        .split("\n")
        .filter((line) => !base.includes(line));
    });
    expect(lines.map((added) => added.length)).toEqual([1, 2]);
    const both = PROTO.replace("uint32 size = 2;", "uint32 colour = 4;\n  uint32 weight = 5;\n  uint32 size = 2;");
    const [[colour], [, weight]] = lines as [[string], [string, string]];
    const merged = base.flatMap((line) => {
      if (line.includes('"community_id"')) return [colour, line];
      return line.includes('"vlan_id"') ? [`${line},`, weight] : [line];
    });
    project.writeLock(merged.join("\n"));
    expect(project.generate(both, DECODER)).toEqual({ status: 0, stderr: "" });
    const { colour: first, weight: second } = JSON.parse(project.readLock()).tables.toy;
    expect(first.order).toBe(second.order);
    expect(project.read("toy/table.ts")).toMatch(/columns\.label,\n +columns\.colour,\n +columns\.weight,\n +\],/);
  });

  it("keeps the columns of a renamed table", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const { toy } = JSON.parse(project.readLock()).tables;
    expect(project.generate(PROTO.replace('resource: "toy"', 'resource: "toys"'), DECODER).status).toBe(0);
    expect(JSON.parse(project.readLock()).tables.toy).toEqual(toy);
  });
});

describe("a plugin author's mistakes", () => {
  it("a field that was removed, retyped or renumbered since the lock file is refused, and the lock file stays", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const lock = project.readLock();
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
    expect(project.readLock()).toBe(lock);
  });

  it("a mistake in an existing field is the only reported problem", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    for (const mistake of ["float size = 2", "uint32 size = 2 [(wireloom.v1.field) = {max_bytes: 100000000}]"]) {
      const said = project.refusal(PROTO.replace("uint32 size = 2", mistake));
      expect(said.match(/^.*plugins\/toy\/toy\.proto:\d+: /gm)).toHaveLength(1);
      expect(said).toContain(`plugins/toy/toy.proto:${lineOf(PROTO, "uint32 size")}: `);
      expect(said).not.toMatch(/removed|never released/);
    }
  });

  it("a table that was never released can be generated again, as the error explains", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const renamed = PROTO.replace("uint32 size = 2", "string name = 2");
    const said = project.refusal(renamed);
    expect(said).toContain(
      `plugins/toy/toy.proto:${lineOf(PROTO, "message Toy")}: if toy was never released, delete the member "toy" of "tables" in plugins/toy/schema.lock.json`,
    );
    expect(said.match(/was never released/g)).toHaveLength(1);
    const lock = JSON.parse(project.readLock());
    delete lock.tables.toy;
    project.writeLock(JSON.stringify(lock));
    expect(project.generate(renamed, DECODER)).toMatchObject({ status: 0 });
    expect(JSON.parse(project.readLock()).tables.toy).toMatchObject({ name: { type: "text" } });
  });

  it("a lock file with a merge conflict is reported with the line of its first marker, and how it is merged", () => {
    project.forget();
    project.generate(PROTO, DECODER);
    const lines = project.readLock().split("\n");
    const marked = ["<<<<<<< HEAD", lines[4], "=======", lines[5], ">>>>>>> colours"];
    project.writeLock([...lines.slice(0, 4), ...marked, ...lines.slice(6)].join("\n"));
    expect(project.refusal(PROTO)).toBe(
      "plugins/toy/schema.lock.json:5: has a merge conflict; keep the columns of both sides, each once, remove the lines with markers, and run npm run generate",
    );
  });

  it.each([
    ["a comma", /("agent_id": .*\}),/, "$1", 1],
    ["quotes", /("agent_id": \{ "type": )"text"/, "$1text", 0],
  ])("a lock file without %s is reported with the line", (_, wanted, found, linesLater) => {
    project.forget();
    project.generate(PROTO, DECODER);
    const lock = project.readLock();
    const damaged = lock.replace(wanted, found);
    expect(damaged).not.toBe(lock);
    project.writeLock(damaged);
    const line = lineOf(damaged, '"agent_id"') + linesLater;
    expect(project.refusal(PROTO)).toMatch(
      new RegExp(
        `^plugins/toy/schema\\.lock\\.json:${line}: cannot be read: .+; repair it, or restore it from the last commit$`,
      ),
    );
  });

  it("a folder in the place of a lock file or a decoder is reported in one line", () => {
    project.forget();
    const folder = { [`toy/${LOCK_FILE}/file`]: "" };
    expect(project.refused(project.generate(PROTO, DECODER, folder))).toMatch(
      /^plugins\/toy\/schema\.lock\.json:1: cannot be read: EISDIR.*; make it a readable file, or restore it from the last commit$/,
    );
    expect(project.refused(project.generate(PROTO, null, { "toy/decoder.ts/file": "" }))).toBe(
      "plugins/toy/decoder.ts:1: is missing; it exports decodeDatagram",
    );
  });

  it.each(["{", "[]", '{"table": {}}'])("a lock file that was edited to %s is reported in one line", (content) => {
    project.forget();
    project.generate(PROTO, DECODER);
    project.writeLock(content);
    const said = project.refusal(PROTO);
    expect(said).toMatch(/plugins\/toy\/schema\.lock\.json:1: cannot be read: .+; repair it/);
    expect(said).not.toMatch(/\n\s+at /);
  });
});
