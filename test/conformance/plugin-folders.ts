import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const plugins = fileURLToPath(new URL("../../plugins/", import.meta.url));

/** Absolute paths of the plugins' folders by resource, which the protos in them name. */
export const pluginFolders: ReadonlyMap<string, string> = new Map(
  readdirSync(plugins, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(plugins, name))
    .flatMap((folder) => resourcesIn(folder).map((resource) => [resource, folder] as const)),
);

function resourcesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".proto"))
    .flatMap((name) => /\bresource\s*[:=]\s*"(\w+)"/.exec(readFileSync(join(folder, name), "utf8"))?.[1] ?? []);
}
