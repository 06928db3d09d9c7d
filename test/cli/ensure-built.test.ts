import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../scripts/ensure-built.mjs", import.meta.url));

/** A project whose compiler writes its outputs and then runs `meanwhile`, a shell command. */
function projectWith(meanwhile: string) {
  const folder = mkdtempSync(join(tmpdir(), "wireloom-build-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  mkdirSync(join(folder, "scripts"));
  cpSync(SCRIPT, join(folder, "scripts", "ensure-built.mjs"));
  for (const path of ["node_modules/.package-lock.json", "runtime/a.ts", "plugins/toy/toy.proto"]) write(path, "");
  const outputs = (target: string, names: readonly string[]) =>
    `const fs = require("node:fs"); for (const name of ${JSON.stringify(names)}) { const path = ${JSON.stringify(target)} + name;
    fs.mkdirSync(require("node:path").dirname(path), { recursive: true }); fs.writeFileSync(path, String(Math.random())); }`;
  const asModule = (code: string) =>
    `import { createRequire } from "node:module"; const require = createRequire(import.meta.url); ${code}`;
  write("scripts/generate.mjs", asModule(outputs("", ["generated/registry.ts", "plugins/toy/schema.lock.json"])));
  const command = ["runtime/cli/bin.cjs", "runtime/cli/wireloom.js"];
  write("scripts/bundle.mjs", asModule(outputs("dist/", command)));
  write("compile.cjs", outputs("compiled/", command));
  for (const [name, script] of [
    ["npm", "exit 0"],
    ["npx", `node compile.cjs && ${meanwhile}`],
  ]) {
    write(`tools/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "tools", name!), 0o755);
  }
  const build = () => {
    const { status, stderr } = spawnSync(process.execPath, ["scripts/ensure-built.mjs"], {
      cwd: folder,
      env: { ...process.env, PATH: `${join(folder, "tools")}:${process.env["PATH"]}` },
      encoding: "utf8",
    });
    expect(status).toBe(0);
    return [...stderr.matchAll(/^wireloom: (\w+) …$/gm)].map(([, name]) => name);
  };
  return { folder, build };
}

it("runs each step once, and again what depends on a file that changed", () => {
  const { folder, build } = projectWith("true");
  expect(build()).toEqual(["install", "generate", "compile", "bundle"]);
  expect(build()).toEqual([]);
  utimesSync(join(folder, "runtime", "a.ts"), 1, 1);
  expect(build()).toEqual(["compile", "bundle"]);
  writeFileSync(join(folder, "plugins", "toy", "toy.proto"), "// changed");
  expect(build()).toEqual(["generate", "compile", "bundle"]);
  expect(build()).toEqual([]);
});

it("runs a step again if a source was saved while it ran", () => {
  const { folder, build } = projectWith("if [ ! -e saved ]; then touch saved; echo changed > runtime/a.ts; fi");
  expect(build()).toEqual(["install", "generate", "compile", "bundle"]);
  expect(readFileSync(join(folder, "runtime", "a.ts"), "utf8")).toBe("changed\n");
  expect(build()).toEqual(["compile", "bundle"]);
  expect(build()).toEqual([]);
});
