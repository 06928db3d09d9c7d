import { registry } from "../../generated/registry.js";
import type { PluginDifferences } from "./known-difference.js";
import { importPluginFile } from "./plugin-file.js";

/** What `conformance/known-differences.ts` in the plugins' folders export, by resource, of the plugins that have one. */
export const pluginDifferences: ReadonlyMap<string, PluginDifferences> = new Map(
  (
    await Promise.all(
      registry.plugins.map(async ({ table: { resource } }) => {
        const file = await importPluginFile<PluginDifferences>(resource, "known-differences", "knownDifferences");
        return file === undefined ? [] : [[resource, file] as const];
      }),
    )
  ).flat(),
);
