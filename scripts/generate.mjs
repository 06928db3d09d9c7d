// Runs buf generate, and prints the mistakes of a plugin's author as they are: buf writes the generator's command before them. Prints one
// line about what was made.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const before = generatedFiles();
const { status, stderr, error } = spawnSync("npx", ["buf", "generate"], {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "inherit", "pipe"],
  shell: process.platform === "win32",
});
const mistakes = (stderr ?? "").replace(/^Failure: plugin .*?protoc-gen-wireloom\.[jt]s: /, "");
process.stderr.write(mistakes.split("\n").map(nameOption).join("\n"));
if (error !== undefined) process.stderr.write(`buf generate could not be run: ${error.message}\n`);
process.exitCode = status ?? 1;
if (status === 0) process.stdout.write(`${summary(before, generatedFiles())}\n`);

/** Adds to an error of buf the name that is not an option: buf gives only its position. */
function nameOption(line) {
  const [, path, row, column, message] =
    /^(.*\.proto):(\d+):(\d+):cannot resolve message field name for `(.*)`$/.exec(line) ?? [];
  if (path === undefined || !existsSync(join(root, path))) return line;
  const source = readFileSync(join(root, path), "utf8").split("\n")[row - 1] ?? "";
  const [name] = /^[\w.]+/.exec(source.slice(column - 1)) ?? [];
  // buf counts a tab as several columns.
  return name === undefined || source.includes("\t")
    ? line
    : `${path}:${row}: ${name} is not an option of ${message}; docs/plugins.md lists the options`;
}

/** The generated files and the plugins' lock files: their texts by their paths. */
function generatedFiles() {
  const locks = foldersOf("plugins").map((folder) => join("plugins", folder, "schema.lock.json"));
  const generated = existsSync(join(root, "generated"))
    ? readdirSync(join(root, "generated"), { recursive: true }).map((path) => join("generated", path))
    : [];
  const paths = [...locks, ...generated].filter((path) =>
    statSync(join(root, path), { throwIfNoEntry: false })?.isFile(),
  );
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

/** The folders in a folder, without hidden ones. */
function foldersOf(path) {
  if (!existsSync(join(root, path))) return [];
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map(({ name }) => name);
}

function summary(old, made) {
  const changed = [...new Set([...old.keys(), ...made.keys()])].filter((path) => old.get(path) !== made.get(path));
  return `${count(foldersOf("plugins").length, "plugin")}: ${count(changed.length, "generated file")} changed`;
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
