// Makes a clone ready to run: installs, generates, compiles and bundles what is missing or stale, and nothing else.
// With --check it changes nothing: it exits with 1 where something is missing or stale.
// Plain JavaScript on Node's own modules, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const isCheck = process.argv.includes("--check");
const stamps = join(root, "node_modules", ".wireloom");

/** Folders of plugins that change no output. */
const UNBUILT = ["captures", "conformance"];
/** Folders that the command is made of. */
const SOURCES = ["runtime", "plugins", "generated"];
/** Each step: what it reads, what it must leave behind, and its command. */
const steps = [
  {
    name: "install",
    inputs: ["package.json", "package-lock.json"],
    outputs: ["node_modules/.package-lock.json"],
    command: ["npm", ["ci", "--no-audit", "--no-fund"]],
  },
  {
    name: "generate",
    inputs: ["buf.yaml", "buf.gen.yaml", "proto", "codegen", "plugins", "generated", "runtime/schema"],
    // Besides its outputs, it writes these among its inputs.
    writes: ["generated", "schema.lock.json"],
    outputs: ["generated/registry.ts"],
    command: ["node", ["scripts/generate.mjs"]],
  },
  {
    name: "compile",
    inputs: ["tsconfig.json", "tsconfig.build.json", ...SOURCES],
    outputs: ["compiled/runtime/cli/bin.cjs", "compiled/runtime/cli/wireloom.js"],
    command: ["npx", ["tsc", "-p", "tsconfig.build.json"]],
  },
  {
    name: "bundle",
    inputs: ["scripts/bundle.mjs", "tsconfig.json", "tsconfig.build.json", "compiled"],
    outputs: ["dist/runtime/cli/bin.cjs", "dist/runtime/cli/wireloom.js"],
    command: ["node", ["scripts/bundle.mjs"]],
  },
];

for (const { name, inputs, writes = [], outputs, command } of steps) {
  const stamp = join(stamps, name);
  const isFresh = () => existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint(inputs);
  if (isFresh() && outputs.every((path) => existsSync(join(root, path)))) continue;
  if (isCheck) {
    console.error(`wireloom: the outputs of ${name} are missing or older than its inputs; run npm run build`);
    process.exit(1);
  }
  console.error(`wireloom: ${name} …`);
  const before = fingerprint(inputs, writes);
  const { status, error } = spawnSync(command[0], command[1], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    console.error(
      `wireloom: ${name} failed (${[command[0], ...command[1]].join(" ")})${error ? `: ${error.message}` : ""}`,
    );
    process.exit(1);
  }
  // A file that changed while the command ran may have been read before or after the change: the next build runs the step again.
  const isStale = fingerprint(inputs, writes) !== before;
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, isStale ? "" : fingerprint(inputs));
}

/** Paths, sizes and times of every file below some paths, except those of some names; captures and tests change no output. */
function fingerprint(inputs, ignored = []) {
  const hash = createHash("sha256");
  const visit = (path) => {
    if (ignored.includes(path.slice(path.lastIndexOf("/") + 1))) return;
    const absolute = join(root, path);
    if (!existsSync(absolute)) return;
    const stat = statSync(absolute);
    if (!stat.isDirectory()) {
      hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
      return;
    }
    for (const entry of readdirSync(absolute).sort())
      if (!UNBUILT.includes(entry) && !entry.endsWith(".test.ts")) visit(`${path}/${entry}`);
  };
  for (const path of inputs) visit(path);
  return hash.digest("hex");
}
