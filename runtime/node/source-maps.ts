import { readFileSync, statSync } from "node:fs";
import { SourceMap, type SourceMapping } from "node:module";
import type { SourceLookup } from "../engine/source-lookup.js";

/** Maximum number of scripts that are remembered, with and without a map; a bundle has fewer. */
const MAX_SCRIPTS = 100;

/** Sources of the bundled command. Code that is not bundled has none: stack traces name its sources themselves. */
export const bundleSources: SourceLookup = sourcesIn(new URL("./", import.meta.url));

/** Replaces the scripts of the bundled command in a stack trace by their sources. */
export function sourceStack(stack: string, sourceOf: SourceLookup = bundleSources): string {
  return stack.replace(/(file:\/\/\S+?):(\d+):(\d+)/g, (place, script, line, column) => {
    const source = sourceOf(script, Number(line), Number(column));
    return source === undefined ? place : `${source.file}:${source.line}`;
  });
}

/**
 * Sources of the scripts of a folder by the source maps beside them. A map is read once, when a place in its script is first looked up:
 * for a script of 400 KB it takes 0.2 s and 7 MB. Scripts without a readable map have no sources. A build that replaces the folder later has
 * the maps of other scripts: a place is then one in `an earlier build's <script>`.
 */
export function sourcesIn(folder: URL): SourceLookup {
  const ownFolder = identityOf(folder);
  const maps = new Map<string, SourceMap | undefined>();
  return (script, line, column) => {
    if (!script.startsWith(folder.href) || !script.endsWith(".js")) return undefined;
    if (!maps.has(script) && maps.size < MAX_SCRIPTS) {
      if (identityOf(folder) !== ownFolder)
        return { file: `an earlier build's ${script.slice(script.lastIndexOf("/") + 1)}`, line };
      maps.set(script, readMap(new URL(`${script}.map`)));
    }
    // An empty object for a position without a mapping, which the declared type omits.
    const entry = maps.get(script)?.findEntry(line - 1, column - 1) as Partial<SourceMapping> | undefined;
    if (entry?.originalSource === undefined || entry.originalLine === undefined) return undefined;
    // Relative to the bundle's folder, as `../../../plugins/…`; without `../`, relative to the folder that contains the runtime.
    return { file: entry.originalSource.replace(/^(?:\.\.\/)+/, ""), line: entry.originalLine + 1 };
  };
}

/** Differs for a folder that takes the place of another; undefined if there is none. */
function identityOf(folder: URL): string | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino} ${stat.birthtimeMs}`;
}

function readMap(url: URL): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(url, "utf8")));
  } catch {
    return undefined;
  }
}
