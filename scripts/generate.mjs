// Runs buf generate, and prints the mistakes of a plugin's author as they are: buf writes the generator's command before them.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { status, stderr, error } = spawnSync("npx", ["buf", "generate"], {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "inherit", "pipe"],
  shell: process.platform === "win32",
});
process.stderr.write((stderr ?? "").replace(/^Failure: plugin .*?protoc-gen-wireloom\.[jt]s: /, ""));
if (error !== undefined) process.stderr.write(`buf generate could not be run: ${error.message}\n`);
process.exitCode = status ?? 1;
