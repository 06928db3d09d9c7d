import { existsSync } from "node:fs";
import type { Plugin } from "../plugin/plugin.js";
import { nearestName } from "../schema/nearest-name.js";
import { WireloomError } from "../wireloom-error.js";
import { packageFile } from "./package-file.js";
import { splitNames } from "./shared-options.js";

/**
 * Resource names of a `--protocol` option, checked against the loaded plugins, case-insensitive; every plugin if the option is absent.
 * Throws `usage`.
 */
export function selectResources(plugins: readonly Plugin[], option: readonly string[] | undefined): Set<string> {
  const known = plugins.map(({ table }) => table.resource);
  if (option === undefined) return new Set(known);
  const names = splitNames(option);
  if (names.length === 0) throw new WireloomError("usage", `no protocol is named; loaded are ${known.join(", ")}`);
  for (const name of names) {
    if (known.includes(name)) continue;
    if (isPlugin(name) && !plugins.some(({ table }) => table.eventType.startsWith(`wireloom.${name}.`)))
      throw new WireloomError(
        "usage",
        `the protocol "${name}" is not built yet; run npm run generate and npm run build`,
      );
    const nearest = nearestName(name, known);
    const guess = nearest === undefined ? "" : ` did you mean ${nearest}?`;
    throw new WireloomError("usage", `there is no protocol "${name}";${guess} loaded are ${known.join(", ")}`);
  }
  return new Set(names);
}

/** Whether there is a plugin's folder of this name, which may hold a resource of another name. */
function isPlugin(name: string): boolean {
  return /^[a-z0-9]+$/.test(name) && existsSync(packageFile(`plugins/${name}/${name}.proto`));
}

/**
 * The plugins to load for some resources: those, and all others too if one of them sees every packet, because it reports
 * which protocols the others recognize.
 */
export function pluginsFor(plugins: readonly Plugin[], resources: ReadonlySet<string>): readonly Plugin[] {
  const selected = plugins.filter(({ table }) => resources.has(table.resource));
  return selected.some(({ bindings }) => bindings.everyPacket) ? plugins : selected;
}
