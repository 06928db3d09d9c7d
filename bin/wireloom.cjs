#!/usr/bin/env node
// The command of a clone and of the package. In a clone it is there before anything is built: without it npx would look for a package of
// the name elsewhere.
const { existsSync, readdirSync, statSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
/** Folders of plugins that are not built. */
const UNBUILT = ["captures", "conformance", "testing"];
/** Maximum number of folders in which changes are looked for. */
const MAX_FOLDERS = 1000;
const entry = join(root, "dist", "runtime", "cli", "bin.cjs");
if (existsSync(entry)) {
  const changed = changedPlugin(statSync(entry).mtimeMs);
  if (changed !== undefined)
    process.stderr.write(`wireloom: ${changed} has changed since the last build; run npm run build to use it\n`);
  require(entry);
} else {
  process.stderr.write(`wireloom: ${root} is not built yet; run npm run build there, which installs what it needs\n`);
  process.exitCode = 1;
}

/** A source file of a plugin that is later than the build; undefined where there is none, and in the package, which cannot be built. */
function changedPlugin(builtAt) {
  if (!existsSync(join(root, "plugins")) || !existsSync(join(root, "scripts", "ensure-built.mjs"))) return undefined;
  // Grows while it is read.
  const folders = ["plugins"];
  for (const folder of folders) {
    for (const found of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, found.name);
      if (found.isDirectory() && !UNBUILT.includes(found.name) && folders.length < MAX_FOLDERS) folders.push(path);
      const isSource = found.isFile() && /\.(?:ts|proto)$/.test(path) && !path.endsWith(".test.ts");
      if (isSource && statSync(join(root, path)).mtimeMs > builtAt) return path;
    }
  }
  return undefined;
}
