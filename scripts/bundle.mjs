// Bundles the command, as tsc compiled it, into dist/: a few files that share what they have in common, which Node loads in about half the
// time of one file a module. Packages stay outside. The modules that a command imports dynamically, such as the collector's, are in files of
// their own.
import { readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** The output of tsc; see tsconfig.build.json. */
const compiled = join(root, "compiled");
/** Becomes dist/ when everything is written, so that a build that fails leaves the last one. */
const staging = join(root, "dist.new");

/** Reads modules with the maps that lead to their sources. */
const sourceMaps = {
  name: "source-maps",
  load: (id) => ({ code: readFileSync(id, "utf8"), map: readFileSync(`${id}.map`, "utf8") }),
};

/** Every file is in one folder, as deep in dist/ as the sources are in the root: runtime/cli/package-file.ts finds the root from there. */
async function bundle(entry, format, external) {
  const build = await rolldown({
    cwd: root,
    input: join(compiled, "runtime", "cli", entry),
    platform: "node",
    tsconfig: false,
    external,
    plugins: [sourceMaps],
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
await bundle("wireloom.js", "es", (id) => !id.startsWith(".") && !isAbsolute(id));
await bundle("bin.cjs", "cjs", (id) => id === "./wireloom.js");
// A command that runs meanwhile fails if it then imports a file of the last build.
rmSync(join(root, "dist"), { recursive: true, force: true });
renameSync(staging, join(root, "dist"));
