import { stat } from "node:fs/promises";
import { registry } from "../../generated/registry.js";
import { openAfPacket } from "../capture/af-packet-source.js";
import { openCap } from "../capture/cap-source.js";
import { openCaptureFile } from "../capture/capture-file.js";
import { checkFilter } from "../capture/check-filter.js";
import { FileOrder, observeOrder } from "../capture/file-order.js";
import { filteredSource } from "../capture/filtered-source.js";
import { openFollowedFile } from "../capture/followed-file.js";
import type { PacketFilter } from "../capture/packet-filter.js";
import type { PacketSource } from "../capture/packet-source.js";
import { layersOf } from "../engine/plugin-layers.js";
import { unionFilter } from "../engine/union-filter.js";
import type { Plugin } from "../plugin/plugin.js";
import { WireloomError } from "../wireloom-error.js";
import { type CaptureOptions, checkCaptureOptions, interfaceNames } from "./capture-options.js";
import { type EngineSettings, readEngineOptions } from "./engine-options.js";
import { parseRowFilter, type RowFilter } from "./row-filter.js";
import { pluginsFor, selectResources } from "./select-plugins.js";
import { say } from "./terminal-output.js";

/** Maximum number of files that are named. */
const MAX_LISTED_FILES = 3;

/** A capture that is ready to begin: options are checked, interfaces are open, files exist. */
export interface PreparedCapture {
  /** Description of the capture, such as `capturing on eth0`. */
  readonly description: string;
  readonly settings: EngineSettings;
  /** Plugins to load. */
  readonly plugins: readonly Plugin[];
  /** Protocols whose rows are sent. */
  readonly resources: ReadonlySet<string>;
  readonly filter: RowFilter | undefined;
  /** True for a capture without an end. */
  readonly isEndless: boolean;
  /** The sources, opened one after the other; `onProblem` is called for a file that cannot be opened. */
  sources(onProblem: (problem: Error) => void): AsyncIterable<PacketSource>;
  /** Closes the sources that were not taken from {@link sources}. */
  close(): Promise<void>;
}

/**
 * Checks the options of a capture and opens its interfaces, so that problems of a source are reported before anything else begins. Files are
 * checked, and opened when they are read. Throws `usage`, and the errors of a source that cannot be opened; for files, if none can be opened.
 */
export async function prepareCapture(options: CaptureOptions, signal: AbortSignal): Promise<PreparedCapture> {
  checkCaptureOptions(options);
  const settings = await readEngineOptions(options);
  let resources = selectResources(registry.plugins, options.protocol);
  let filter: RowFilter | undefined;
  if (options.filter.length > 0) {
    filter = await parseRowFilter(options.filter, resources, options.protocol !== undefined);
    resources = filter.resources;
  }
  const plugins = pluginsFor(registry.plugins, resources);
  const packetFilter = options.boundTraffic ? unionFilter(plugins, layersOf(registry.plugins)) : options.bpf;
  const names = interfaceNames(options);
  if (names.length === 0) {
    const files = options.read ?? [];
    const follows = options.follow === true;
    if (packetFilter !== undefined) checkFilter(packetFilter);
    // A followed file may still be empty.
    if (!follows) await checkFiles(files, packetFilter, signal);
    const open = (path: string) => openFile(path, packetFilter, signal, follows);
    const first = follows ? await open(files[0]!) : undefined;
    return {
      description: `reading ${listed(files)}`,
      settings,
      plugins,
      resources,
      filter,
      isEndless: follows,
      sources: (onProblem) => (first === undefined ? openFiles(files, open, onProblem) : yieldOnce(first)),
      close: async () => first?.close(),
    };
  }
  let opened: PacketSource | undefined = await openInterfaces(names, options, packetFilter);
  return {
    description: `capturing on ${names.join(", ")}`,
    settings,
    plugins,
    resources,
    filter,
    isEndless: true,
    async *sources() {
      const source = opened;
      opened = undefined;
      if (source !== undefined) yield source;
    },
    async close() {
      await opened?.close();
      opened = undefined;
    },
  };
}

/** File names for one line of output. */
function listed(files: readonly string[]): string {
  const shown = files.slice(0, MAX_LISTED_FILES).join(", ");
  return files.length > MAX_LISTED_FILES ? `${shown} and ${files.length - MAX_LISTED_FILES} more` : shown;
}

async function openInterfaces(
  names: readonly string[],
  { source, ring }: CaptureOptions,
  filter: PacketFilter | undefined,
): Promise<PacketSource> {
  const isCap = source === "cap" || (source === undefined && process.platform !== "linux");
  if (isCap) return openCap({ interfaceName: names[0]!, filter });
  return openAfPacket({ interfaceNames: names, filter, ringMiB: ring, onState: say });
}

/** Checks each regular file; throws if every one of them has a problem. */
async function checkFiles(
  paths: readonly string[],
  filter: PacketFilter | undefined,
  signal: AbortSignal,
): Promise<void> {
  const problems: WireloomError[] = [];
  for (const path of paths) {
    const status = path === "-" ? undefined : await stat(path).catch(() => undefined);
    // Standard input and pipes can be read only once; openCaptureFile reports files that do not exist.
    if (path === "-" || (status !== undefined && !status.isFile() && !status.isDirectory())) return;
    try {
      await (await openFile(path, filter, signal)).close();
      return;
    } catch (error) {
      if (!(error instanceof WireloomError)) throw error;
      problems.push(error);
    }
  }
  for (const { message } of problems.slice(0, -1)) say(message);
  throw problems.at(-1)!;
}

async function* yieldOnce(source: PacketSource): AsyncGenerator<PacketSource> {
  yield source;
}

async function* openFiles(
  paths: readonly string[],
  open: (path: string) => Promise<PacketSource>,
  onProblem: (problem: Error) => void,
): AsyncGenerator<PacketSource> {
  const order = new FileOrder(say);
  for (const path of paths) {
    try {
      yield observeOrder(await open(path), order);
    } catch (error) {
      if (!(error instanceof WireloomError)) throw error;
      onProblem(error);
    }
  }
  order.finish();
}

async function openFile(
  path: string,
  filter: PacketFilter | undefined,
  signal: AbortSignal,
  follows = false,
): Promise<PacketSource> {
  const source = follows && path !== "-" ? await openFollowedFile(path, say) : await openCaptureFile(path, signal);
  if (filter === undefined) return source;
  try {
    return filteredSource(source, filter);
  } catch (error) {
    await source.close();
    throw error;
  }
}
