import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const { status, stderr } = spawnSync(process.execPath, [pathOf("scripts/ensure-built.mjs"), "--check"], {
  encoding: "utf8",
});
if (status !== 0) throw new Error(stderr.trim());

/**
 * Path of the built command's entry, a script for Node. Importing it fails where the build is older than its sources, so that no test
 * runs a stale build; `npm test` builds first.
 */
export const BUILT_COMMAND = pathOf("dist/runtime/cli/bin.cjs");
