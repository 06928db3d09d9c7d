import { Command } from "commander";
import { ENGINE_LIMITS } from "../engine/engine-limits.js";
import { print } from "./standard-output.js";

/** `wireloom limits`: the limits that `--limit` sets. */
export function limitsCommand(): Command {
  return new Command("limits")
    .description("Show the bounds of the engine's tables and buffers, which --limit sets")
    .action(async () => {
      const rows = Object.entries(ENGINE_LIMITS).map(
        ([name, { defaultValue, minimum, maximum, description }]) =>
          `${name.padEnd(24)} ${String(defaultValue).padStart(9)}  ${description} (${minimum} to ${maximum})`,
      );
      await print(`${rows.join("\n")}\n`);
    });
}
