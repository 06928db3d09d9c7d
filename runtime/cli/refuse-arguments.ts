import type { Command } from "commander";
import { registry } from "../../generated/registry.js";
import { WireloomError } from "../wireloom-error.js";

/** Refuses arguments of a command that takes none, with what was probably meant. */
export function refuseArguments(command: Command): Command {
  return command.allowExcessArguments().hook("preAction", (_, { args }) => {
    const [first] = args;
    if (first === undefined) return;
    const isProtocol = registry.plugins.some(({ table }) => table.resource === first.toLowerCase());
    throw new WireloomError(
      "usage",
      isProtocol
        ? `"${first}" stands alone; separate protocols by commas, as in --protocol dns,${first.toLowerCase()}`
        : `"${first}" stands alone: this command takes options only; add --help for what there is`,
    );
  });
}
