import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

/*
 * Bundles a script of a tree of the project for plain Node.js: `node --import tsx bench/bundle-script.ts TREE SCRIPT`, and prints the path of
 * the bundle. With the loader of tsx, the first import of a CommonJS package detaches an array buffer; from then on, V8 checks each access to
 * a typed array, and codecs take 1.1 to 1.2 times as long as in the built command.
 */
const [tree, script] = process.argv.slice(2) as [string, string];
// Within the tree, from where packages are found.
const folder = join(tree, "node_modules", ".wireloom", "bench");
mkdirSync(folder, { recursive: true });
const file = join(folder, `${script.replaceAll(/[^a-z0-9]+/g, "-").replace(/-ts$/, "")}-${process.ppid}.mjs`);
const input = join(tree, script);
const bundle = await rolldown({
  input,
  platform: "node",
  tsconfig: join(tree, "tsconfig.json"),
  external: (id) => !id.startsWith(".") && !id.startsWith("/"),
  plugins: [
    {
      name: "places",
      // A script that starts itself again, as those of older commits do, starts the bundle. Modules find files beside their sources.
      transform: (code, id) =>
        (id === input ? code.replaceAll("fileURLToPath(import.meta.url)", "process.argv[1]") : code).replaceAll(
          "import.meta.url",
          JSON.stringify(pathToFileURL(id).href),
        ),
    },
  ],
});
await bundle.write({ file, format: "esm", codeSplitting: false });
await bundle.close();
console.log(file);
