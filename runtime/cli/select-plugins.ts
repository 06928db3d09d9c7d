import type { Plugin } from "../plugin/plugin.js";
import { nearestName } from "../schema/filter.js";
import { WireloomError } from "../wireloom-error.js";

/** Resource names of a `--protocol` option, checked against what is loaded; every plugin where the option is absent. */
export function selectResources(plugins: readonly Plugin[], option: readonly string[] | undefined): Set<string> {
  const known = plugins.map(({ table }) => table.resource);
  if (option === undefined) return new Set(known);
  const names = option.flatMap((part) => part.split(",")).map((name) => name.trim());
  for (const name of names) {
    if (!known.includes(name)) {
      throw new WireloomError(
        "usage",
        `there is no protocol "${name}"; did you mean ${nearestName(name, known)}? Loaded are ${known.join(", ")}`,
      );
    }
  }
  return new Set(names);
}

/**
 * The plugins to load for some resources: those, and all others too when one of them sees every packet, because it tells
 * what the others recognise.
 */
export function pluginsFor(plugins: readonly Plugin[], resources: ReadonlySet<string>): readonly Plugin[] {
  const selected = plugins.filter(({ table }) => resources.has(table.resource));
  return selected.some(({ bindings }) => bindings.everyPacket) ? plugins : selected;
}
