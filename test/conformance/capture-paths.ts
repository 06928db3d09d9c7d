import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pluginFolders } from "./plugin-folders.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The project's captures: of plugins and of layers. */
export function ownCaptures(): string[] {
  return capturesBelow(join(root, "plugins")).concat(capturesBelow(join(root, "runtime/packet")));
}

/** True of a plugin whose folder has captures. */
export function hasCaptures(resource: string): boolean {
  const folder = pluginFolders.get(resource);
  return folder !== undefined && capturesBelow(folder).length > 0;
}

/** Capture files in a folder and those below it, in the order of their paths. */
export function capturesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(pcap|pcapng|cap)(\.gz)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
