import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pluginFolders } from "./plugin-folders.js";

/**
 * Imports `conformance/<name>.ts` in the folder of the plugin with a resource, which exports `member`; undefined if the file does not exist.
 * `Exports` is the type that the file's exports are declared with.
 */
export async function importPluginFile<Exports extends object>(
  resource: string,
  name: string,
  member: keyof Exports & string,
): Promise<Exports | undefined> {
  const folder = pluginFolders.get(resource);
  if (folder === undefined) return undefined;
  const path = join(folder, "conformance", `${name}.ts`);
  if (!existsSync(path)) return undefined;
  const exports: Partial<Exports> = await import(pathToFileURL(path).href);
  if (exports[member] === undefined) throw new Error(`${path} exports no ${member}`);
  return exports as Exports;
}
