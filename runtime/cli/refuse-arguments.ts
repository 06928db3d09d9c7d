import type { Command } from "commander";
import { registry } from "../../generated/registry.js";
import { WireloomError } from "../wireloom-error.js";

/** Refuses arguments of a command that does not accept any, with a suggestion of what was meant. */
export function refuseArguments(command: Command): Command {
  return command.allowExcessArguments().hook("preAction", (_, { args }) => {
    const [first] = args;
    if (first === undefined) return;
    const resources = registry.plugins.map(({ table }) => table.resource);
    const named = first.toLowerCase();
    const other = resources.find((resource) => resource !== named) ?? named;
    throw new WireloomError(
      "usage",
      resources.includes(named)
        ? `"${first}" stands alone; separate protocols by commas, as in --protocol ${other},${named}`
        : `"${first}" stands alone: this command takes options only; add --help for what there is`,
    );
  });
}
