import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const CAPTURE = join(root, "plugins", "ntp", "captures", "client-server.pcap");
const MISTAKE = 'throw new TypeError("a mistake");';

/** A tree whose NTP decoder has a mistake, with its own build. */
let tree: string;
/** Line of the mistake. */
let line: number;
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "wireloom-mistake-"));
  const isSource = (path: string) => !path.endsWith("captures");
  for (const name of [
    "runtime",
    "plugins",
    "generated",
    "scripts",
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
  ])
    cpSync(join(root, name), join(tree, name), { recursive: true, filter: isSource });
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  const decoder = join(tree, "plugins", "ntp", "decoder.ts");
  const lines = readFileSync(decoder, "utf8").split("\n");
  line = lines.findIndex((text) => text.startsWith("export const decodeDatagram")) + 2;
  expect(lines[line - 2]).toMatch(/\{$/);
  lines.splice(line - 1, 0, MISTAKE);
  writeFileSync(decoder, lines.join("\n"));
  for (const script of [["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], ["scripts/bundle.mjs"]]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, script, { cwd: tree, encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
  }
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

function decode() {
  const command = join(tree, "dist", "runtime", "cli", "bin.cjs");
  return spawnSync(process.execPath, [command, "decode", CAPTURE, "-p", "ntp"], { encoding: "utf8" }).stderr;
}

it("the built command names file and line of the source in which a decoder fails", () => {
  expect(decode()).toContain(`the ntp decoder failed at plugins/ntp/decoder.ts:${line} in frame 3: a mistake;`);
});

it("without source maps it names the script that runs", () => {
  const folder = join(tree, "dist", "runtime", "cli");
  for (const name of readdirSync(folder)) if (name.endsWith(".map")) rmSync(join(folder, name));
  expect(decode()).toMatch(/the ntp decoder failed at .*\/dist\/runtime\/cli\/[\w-]+\.js:\d+ in frame 3: a mistake;/);
});
