import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The project's captures: of plugins and of layers. */
export function ownCaptures(): string[] {
  return capturesBelow(join(root, "plugins")).concat(capturesBelow(join(root, "runtime/packet")));
}

/** Capture files in a folder and those below it, in the order of their paths. */
export function capturesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(pcap|pcapng|cap)(\.gz)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
