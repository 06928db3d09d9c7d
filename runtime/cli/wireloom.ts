import { Command, CommanderError } from "commander";
import { WireloomError } from "../wireloom-error.js";
import { decodeCommand } from "./decode-command.js";
import { ExitCode } from "./exit-codes.js";
import { Interruption } from "./interruption.js";
import { packageVersion } from "./package-version.js";
import { refuseArguments } from "./refuse-arguments.js";
import { print } from "./standard-output.js";
import { describeError, say } from "./terminal-output.js";

const abort = new AbortController();
for (const name of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    const interruption = new Interruption(name);
    // A second signal ends the process without waiting for the flush.
    if (abort.signal.aborted) process.exit(interruption.exitCode);
    abort.abort(interruption);
  });
}

// Standard error may be on a full disk or a closed pipe; the process continues without its log.
process.stderr.on("error", () => undefined);

const program = new Command("wireloom")
  .description("Capture, structure, collect and query network events")
  .version(packageVersion(), "-V, --version")
  .showHelpAfterError("(add --help for the available commands and options)")
  .exitOverride()
  .configureOutput({
    writeOut: (text) => void print(text).catch(fail),
    outputError: (text, write) => write(text.replace(/^error: /, "wireloom: ")),
  })
  .configureHelp({ showGlobalOptions: true });
for (const command of await commands(process.argv[2])) {
  program.addCommand(command.copyInheritedSettings(program));
  for (const nested of command.commands) nested.copyInheritedSettings(command);
  if (command.registeredArguments.length + command.commands.length === 0) refuseArguments(command);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof Interruption) process.exitCode = error.exitCode;
  else if (!(error instanceof CommanderError)) fail(error);
  else if (error.exitCode !== 0) process.exitCode = ExitCode.Usage;
}

function fail(error: unknown): void {
  say(describeError(error));
  const isUsage = error instanceof WireloomError && (error.code === "usage" || error.code === "invalid_filter");
  process.exitCode = isUsage ? ExitCode.Usage : ExitCode.Runtime;
}

/** The commands; those that need the collector are loaded only if one of them, or help, is requested. */
async function commands(name: string | undefined): Promise<Command[]> {
  if (name === "decode") return [decodeCommand(abort.signal)];
  const { agentCommand } = await import("./agent-command.js");
  const { collectorCommand } = await import("./collector-command.js");
  const { limitsCommand } = await import("./limits-command.js");
  const { pluginCommand } = await import("./plugin-command.js");
  const { pluginsCommand } = await import("./plugins-command.js");
  const { upCommand } = await import("./up-command.js");
  return [
    decodeCommand(abort.signal),
    agentCommand(abort.signal),
    collectorCommand(abort.signal),
    upCommand(abort.signal),
    pluginsCommand(),
    pluginCommand(),
    limitsCommand(),
    versionCommand(),
  ];
}

function versionCommand(): Command {
  return new Command("version").description("Print the version").action(() => print(`${packageVersion()}\n`));
}
