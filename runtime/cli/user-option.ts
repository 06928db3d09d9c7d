import type { Command } from "commander";

/** Adds `--user` to a command that may be started by root. */
export function addUserOption(command: Command): Command {
  return command.option(
    "--user <name[:group]>",
    "give up root for this user once sockets and files are open; files read later must be readable to it",
  );
}
