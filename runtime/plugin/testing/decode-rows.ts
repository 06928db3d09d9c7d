import { openCaptureFile } from "../../capture/capture-file.js";
import { defaultLimits } from "../../engine/engine-limits.js";
import type { Plugin } from "../plugin.js";
import { DecoderBench, type FrameOptions } from "./decoder-bench.js";
import type { RowObject } from "./row-object.js";
import type { DatagramEnds } from "./udp-frame.js";

/** The rows that a plugin makes of a capture file, as `wireloom decode` prints them. */
export async function decodeCapture(plugin: Plugin, path: string): Promise<RowObject[]> {
  const { duplicate_window_us } = defaultLimits;
  const bench = DecoderBench.configured({ limits: { duplicate_window_us } }, plugin);
  const capture = await openCaptureFile(path);
  try {
    await bench.source(capture);
  } finally {
    await capture.close();
  }
  return bench.finish();
}

/** The rows that a plugin makes of one UDP payload. */
export function decodeUdp(plugin: Plugin, payload: Uint8Array, options: DatagramEnds & FrameOptions): RowObject[] {
  const bench = new DecoderBench(plugin);
  bench.udp(payload, options);
  return bench.finish();
}

/** The plugin of a registry that makes `resource` rows. */
export function findPlugin(plugins: readonly Plugin[], resource: string): Plugin {
  const plugin = plugins.find(({ table }) => table.resource === resource);
  if (plugin === undefined) throw new Error(`there is no ${resource} plugin; run npm run generate after adding one`);
  return plugin;
}
