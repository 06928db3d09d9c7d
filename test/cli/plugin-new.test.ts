import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runWireloom } from "./run-wireloom.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const COPIED = [
  "proto",
  "plugins",
  "codegen",
  "runtime",
  "generated",
  "test/conformance",
  "test/captures",
  "buf.yaml",
  "buf.gen.yaml",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
  "biome.json",
];

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "wireloom-plugin-"));
  for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function run(command: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules", ".bin", command), args, {
    cwd: copy,
    encoding: "utf8",
  });
  expect(status, stdout + stderr).toBe(0);
}

it("a new plugin generates, compiles, is formatted and passes its own test at once", async () => {
  const created = await runWireloom(["plugin", "new", "newborn"], { cwd: copy });
  expect(created.stderr).toBe("");
  expect(created.code).toBe(0);
  // What is printed is done in its order: a new proto is generated before the decoder fills it.
  const steps = created.stdout.slice(created.stdout.indexOf("Next")).split("\n");
  const places = [
    "newborn.proto",
    "npm run generate",
    "decoder.ts",
    "vitest run plugins/newborn && npm run check:types",
    "npm run build",
  ];
  expect(places.map((text) => steps.findIndex((line) => line.includes(text)))).toEqual([1, 2, 3, 4, 5]);
  const beside = await runWireloom(["plugin", "new", "twin"], { cwd: copy });
  expect(beside.code).toBe(0);
  const portOf = (name: string) =>
    /udp_ports: (\d+)/.exec(readFileSync(join(copy, "plugins", name, `${name}.proto`), "utf8"))?.[1];
  expect([portOf("newborn"), portOf("twin")]).toEqual(["49152", "49153"]);
  const taken = await runWireloom(["plugin", "new", "third", "--udp-port", "49153"], { cwd: copy });
  expect(taken.stderr).toMatch(/^wireloom: UDP port 49153 is bound by the plugin twin already$/m);
  run("buf", "generate");
  run("tsc", "-p", "tsconfig.json");
  run("biome", "check", "--vcs-enabled=false", "plugins/newborn");
  run("vitest", "run", "plugins/newborn");

  const again = await runWireloom(["plugin", "new", "newborn"], { cwd: copy });
  expect(again.code).toBe(2);
  expect(again.stderr).toMatch(/^wireloom: plugins\/newborn exists already; choose another name$/m);
  const elsewhere = await runWireloom(["plugin", "new", "newborn"], { cwd: tmpdir() });
  expect(elsewhere.stderr).toMatch(/run the command in a clone of wireloom/);
});
