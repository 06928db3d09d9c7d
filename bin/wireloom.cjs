#!/usr/bin/env node
// The command of a clone and of the package. In a clone it is there before anything is built: without it npx would look for a package of
// the name elsewhere.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const entry = join(root, "dist", "runtime", "cli", "bin.cjs");
if (existsSync(entry)) require(entry);
else {
  process.stderr.write(`wireloom: ${root} is not built yet; run npm run build there, which installs what it needs\n`);
  process.exitCode = 1;
}
