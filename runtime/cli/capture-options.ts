import { type Command, Option } from "commander";
import { DEFAULT_MEMORY_MIB } from "../agent/engine-limits.js";
import { openAfPacket } from "../capture/af-packet-source.js";
import { openCap } from "../capture/cap-source.js";
import { openCaptureFile } from "../capture/capture-file.js";
import { filteredSource } from "../capture/filtered-source.js";
import type { PacketSource } from "../capture/packet-source.js";
import type { Plugin } from "../plugin/plugin.js";
import { unionFilter } from "../plugin/union-filter.js";
import { WireloomError } from "../wireloom-error.js";
import { addEngineOptions, type EngineOptions, readEngineOptions } from "./engine-options.js";
import { parseLabels } from "./parse-labels.js";

/** Options of the commands that capture. */
export interface CaptureOptions extends EngineOptions {
  readonly interface?: string;
  readonly read?: string[];
  readonly source?: "afpacket" | "cap";
  readonly filter?: string;
  readonly boundTraffic?: true;
  readonly ring: number;
  readonly memory: number;
  readonly protocol?: string[];
  readonly id?: string;
  readonly label: string[];
}

/** Adds the options of {@link CaptureOptions} to a command. */
export function addCaptureOptions(command: Command): Command {
  const collect = (value: string, values: string[]) => [...values, value];
  return addEngineOptions(command)
    .option("-i, --interface <name>", "network interface to capture on")
    .option("-r, --read <file...>", "capture files to read instead; - for standard input")
    .addOption(
      new Option("--source <source>", "how to capture (default: afpacket on Linux, else cap)").choices([
        "afpacket",
        "cap",
      ]),
    )
    .option("--filter <expression>", "packets to take, as a pcap-filter expression")
    .option("--bound-traffic", "take only what the loaded plugins are bound to")
    .option("--ring <MiB>", "memory for packets that wait in the kernel (afpacket)", parseRing, 32)
    .option("--memory <MiB>", "memory that the agent stays below", parseMemory, DEFAULT_MEMORY_MIB)
    .option("-p, --protocol <names...>", "plugins to load (default: all)")
    .option("--id <name>", "name of this observation point (default: the host's name)")
    .addOption(
      new Option("--label <key=value>", "label of this observation point; may be given again")
        .argParser(collect)
        .default([], "none"),
    );
}

function parseRing(text: string): number {
  return parseMebibytes("--ring", text, 1, 4096);
}

function parseMemory(text: string): number {
  return parseMebibytes("--memory", text, 128, 65536);
}

function parseMebibytes(option: string, text: string, minimum: number, maximum: number): number {
  const mebibytes = Number(text);
  if (Number.isInteger(mebibytes) && mebibytes >= minimum && mebibytes <= maximum) return mebibytes;
  throw new WireloomError("usage", `${option} ${text} is not a whole number of MiB from ${minimum} to ${maximum}`);
}

/** Checks capture options before anything is opened. Throws `usage`. */
export function checkCaptureOptions(options: CaptureOptions): void {
  const hasFiles = options.read !== undefined;
  if (hasFiles === (options.interface !== undefined)) {
    throw new WireloomError("usage", "give either --interface or --read, one of the two");
  }
  if (hasFiles && options.source !== undefined)
    throw new WireloomError("usage", "--source goes with --interface, not with --read");
  if (options.filter !== undefined && options.boundTraffic) {
    throw new WireloomError("usage", "--filter and --bound-traffic exclude each other");
  }
  parseLabels(options.label);
  readEngineOptions(options);
}

/** Opens the sources of capture options, one after the other; a file that cannot be opened goes to `onProblem`. */
export async function* openSources(
  options: CaptureOptions,
  plugins: readonly Plugin[],
  signal: AbortSignal,
  onProblem: (problem: Error) => void,
): AsyncGenerator<PacketSource> {
  const filter = options.boundTraffic ? unionFilter(plugins) || undefined : options.filter;
  if (options.interface !== undefined) {
    const kind = options.source ?? (process.platform === "linux" ? "afpacket" : "cap");
    yield kind === "cap"
      ? await openCap({ interfaceName: options.interface, filter })
      : openAfPacket({ interfaceName: options.interface, filter, ringMiB: options.ring });
    return;
  }
  for (const path of options.read ?? []) {
    try {
      const source = await openCaptureFile(path, signal);
      yield filter === undefined ? source : filteredSource(source, filter);
    } catch (error) {
      if (!(error instanceof WireloomError)) throw error;
      onProblem(error);
    }
  }
}
