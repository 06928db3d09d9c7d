// Bundles the command into dist/: a few files that share what they have in common, which Node loads in about half the time of one file a
// module. Packages stay outside. The modules that a command imports dynamically, such as the collector's, are in files of their own.
import { renameSync, rmSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** Becomes dist/ when everything is written, so that a build that fails leaves the last one. */
const staging = join(root, "dist.new");

/** Every file is in one folder, as deep in dist/ as the sources are in the root: runtime/cli/package-file.ts finds the root from there. */
async function bundle(entry, format, external) {
  const build = await rolldown({
    cwd: root,
    input: join(root, "runtime", "cli", entry),
    platform: "node",
    tsconfig: join(root, "tsconfig.json"),
    transform: { target: "node20.19" },
    external,
    // The entry waits for the commands that it imports dynamically, so nothing that these import may be in it.
    preserveEntrySignatures: "strict",
  });
  await build.write({
    dir: join(staging, "runtime", "cli"),
    format,
    entryFileNames: format === "cjs" ? "[name].cjs" : "[name].js",
    chunkFileNames: "[name]-[hash].js",
    comments: false,
    // Stack traces of failing decoders are read with the maps; see runtime/node/source-maps.ts.
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  await build.close();
}

rmSync(staging, { recursive: true, force: true });
await bundle("wireloom.ts", "es", (id) => !id.startsWith(".") && !isAbsolute(id));
await bundle("bin.cts", "cjs", (id) => id === "./wireloom.js");
rmSync(join(root, "dist"), { recursive: true, force: true });
renameSync(staging, join(root, "dist"));
