#!/usr/bin/env node
// The command of a clone and of the package. In a clone it is there before anything is built: without it npx would look for a package of
// the name elsewhere.
const { existsSync, readdirSync, statSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
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

/** A file of a plugin that is later than the build; undefined where there is none, as in the package. */
function changedPlugin(builtAt) {
  const plugins = join(root, "plugins");
  if (!existsSync(plugins)) return undefined;
  for (const folder of readdirSync(plugins, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    for (const name of readdirSync(join(plugins, folder.name))) {
      const isSource = /\.(?:ts|proto)$/.test(name) && !/\.test\.ts$/.test(name);
      if (isSource && statSync(join(plugins, folder.name, name)).mtimeMs > builtAt)
        return join("plugins", folder.name, name);
    }
  }
  return undefined;
}
