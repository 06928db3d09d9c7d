import { registry } from "../../generated/registry.js";
import { openCaptureFile } from "../../runtime/capture/capture-file.js";
import { Pipeline } from "../../runtime/engine/pipeline.js";
import { nodeCryptography } from "../../runtime/node/node-cryptography.js";

/**
 * Decodes a capture to encoded batches with some plugins, in this process, and returns the processor seconds that it took, reading
 * included.
 */
export async function decodeInProcess(path: string, resources: readonly string[]): Promise<number> {
  const plugins = registry.plugins.filter(({ table }) => resources.includes(table.resource));
  const pipeline = new Pipeline(plugins, { cryptography: nodeCryptography, session: 0 });
  const source = await openCaptureFile(path);
  const { signal } = new AbortController();
  const before = process.cpuUsage();
  for (let batch = await source.read(signal); batch !== null; batch = await source.read(signal)) {
    pipeline.process(batch, source.interfaces);
    for (const index of plugins.keys()) pipeline.drop(index);
  }
  pipeline.finish();
  const { user, system } = process.cpuUsage(before);
  await source.close();
  return (user + system) / 1e6;
}

/** Times {@link decodeInProcess} several times after a warm-up, in processor seconds. */
export async function timeInProcess(path: string, resources: readonly string[], rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i <= rounds; i++) times.push(await decodeInProcess(path, resources));
  return times.slice(1);
}
