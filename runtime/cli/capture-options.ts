import { type Command, Option } from "commander";
import { DEFAULT_MEMORY_MIB } from "../engine/engine-limits.js";
import { WireloomError } from "../wireloom-error.js";
import { addEngineOptions, type EngineOptions } from "./engine-options.js";
import { parseLabels } from "./parse-labels.js";
import { addPacketFilterOption, addRowFilterOption, collectValues } from "./shared-options.js";

/** Options of the commands that capture. */
export interface CaptureOptions extends EngineOptions {
  /** As given: each text may contain several names, separated by commas. */
  readonly interface?: readonly string[];
  readonly read?: readonly string[];
  readonly follow?: true;
  readonly source?: "afpacket" | "cap";
  /** Filters for rows. */
  readonly filter: readonly string[];
  /** Filter for packets. */
  readonly bpf?: string;
  readonly boundTraffic?: true;
  readonly ring: number;
  readonly memory: number;
  readonly protocol?: readonly string[];
  readonly id?: string;
  readonly label: readonly string[];
}

/** Name that stands for every interface of the host. */
export const ANY_INTERFACE = "any";

/** Adds the options of {@link CaptureOptions} to a command. */
export function addCaptureOptions(command: Command): Command {
  command
    .option(
      "-i, --interface <names>",
      "network interfaces to capture on, separated by commas; any for all of them (Linux)",
      collectValues,
    )
    .option("-r, --read <file...>", "capture files to read instead; - for standard input")
    .option("--follow", "continue with the capture file as it grows, is emptied or is replaced by another")
    .addOption(
      new Option("--source <source>", "how to capture (default: afpacket on Linux, else cap)").choices([
        "afpacket",
        "cap",
      ]),
    );
  addRowFilterOption(command, "rows to send");
  addPacketFilterOption(command, "packets to take");
  return addEngineOptions(command)
    .option("--bound-traffic", "capture only traffic that the loaded plugins are bound to")
    .option("--ring <MiB>", "memory for waiting packets in the kernel (afpacket)", parseRing, 32)
    .option("--memory <MiB>", "maximum memory of the agent", parseMemory, DEFAULT_MEMORY_MIB)
    .option("-p, --protocol <names>", "protocols to send, separated by commas (default: all)", collectValues)
    .option("--id <name>", "name of this observation point (default: the host's name)")
    .addOption(
      new Option("--label <key=value>", "label of this observation point; may be repeated")
        .argParser(collectValues)
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

/** The names given by `--interface`, in the system's spelling. */
export function interfaceNames(options: Pick<CaptureOptions, "interface">): string[] {
  const names = (options.interface ?? []).flatMap((text) => text.split(",")).map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ""))];
}

/** Checks capture options before anything is opened. Throws `usage`. */
export function checkCaptureOptions(options: CaptureOptions): void {
  const hasFiles = options.read !== undefined;
  const names = interfaceNames(options);
  if (hasFiles === (options.interface !== undefined)) {
    throw new WireloomError("usage", "give either --interface or --read");
  }
  if (options.interface !== undefined && names.length === 0)
    throw new WireloomError("usage", "--interface does not name an interface");
  if (names.length > 1 && names.includes(ANY_INTERFACE))
    throw new WireloomError("usage", "--interface any includes every interface; omit the others");
  if (names.length > 1 && options.source === "cap")
    throw new WireloomError("usage", "--source cap captures on one interface only; start an agent for each");
  if (hasFiles && options.source !== undefined)
    throw new WireloomError("usage", "--source requires --interface and cannot be used with --read");
  if (options.follow && options.read?.length !== 1)
    throw new WireloomError("usage", "--follow requires --read with one file, which is read until interrupted");
  if (options.bpf !== undefined && options.boundTraffic) {
    throw new WireloomError("usage", "--bpf and --bound-traffic are mutually exclusive; give one of them");
  }
  parseLabels(options.label);
}
