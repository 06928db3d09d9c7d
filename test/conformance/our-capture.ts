import { registry } from "../../generated/registry.js";
import { openCaptureFile } from "../../runtime/capture/capture-file.js";
import type { PacketSource } from "../../runtime/capture/packet-source.js";
import { defaultLimits } from "../../runtime/engine/engine-limits.js";
import { PacketBlock } from "../../runtime/packet/packet-block.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import type { RowObject } from "../../runtime/plugin/testing/row-object.js";
import { WireloomError } from "../../runtime/wireloom-error.js";
import { comparableRedaction } from "./comparable-redaction.js";

/** Verdicts other than acceptance that are compared with tshark's. */
type Refusal = "malformed" | "truncated";

/** A capture as the project reads it. */
export interface OurCapture {
  /** Rows by resource, as `wireloom decode` prints them. */
  readonly rows: ReadonlyMap<string, readonly RowObject[]>;
  /** Whether a plugin counted what a frame holds, or completes, as malformed or truncated. */
  refused(resource: string, frame: number, refusal: Refusal): boolean;
}

const { duplicate_window_us } = defaultLimits;

/** Decodes a capture with all plugins, up to its end or to where it is damaged; undefined if it cannot be opened. */
export async function readOurCapture(path: string): Promise<OurCapture | undefined> {
  const bench = newBench();
  if (!(await readTolerantly(path, (source) => bench.source(source)))) return undefined;
  bench.endInput();
  const rows = new Map(registry.plugins.map(({ table }) => [table.resource, bench.rows(table.resource)]));
  const refusals = await readRefusals(path);
  return { rows, refused: (resource, frame, refusal) => refusals.has(`${resource} ${frame} ${refusal}`) };
}

/** Opens a capture and runs `read` over it, up to its end or to where it is damaged; false if it cannot be opened. */
async function readTolerantly(path: string, read: (source: PacketSource) => Promise<void>): Promise<boolean> {
  let source: PacketSource;
  try {
    source = await openCaptureFile(path);
  } catch (error) {
    if (error instanceof WireloomError) return false;
    throw error;
  }
  try {
    await read(source);
  } catch (error) {
    if (!(error instanceof WireloomError)) throw error;
  } finally {
    await source.close();
  }
  return true;
}

/** Which frames the counters of which plugins grew with, found by feeding the packets one by one. */
async function readRefusals(path: string): Promise<ReadonlySet<string>> {
  const refusals = new Set<string>();
  const bench = newBench();
  const before = new Map<string, number>();
  const note = (frame: number) => {
    for (const { table } of registry.plugins) {
      const counters = bench.counters(table.resource);
      for (const refusal of ["malformed", "truncated"] as const) {
        const key = `${table.resource} ${refusal}`;
        if (counters[refusal] > (before.get(key) ?? 0)) refusals.add(`${table.resource} ${frame} ${refusal}`);
        before.set(key, counters[refusal]);
      }
    }
  };
  await readTolerantly(path, (source) => bench.source(onePacketAtATime(source, note)));
  return refusals;
}

/** A source's packets in blocks of one; `afterEach` is called with each one's frame number when it was processed. */
function onePacketAtATime(source: PacketSource, afterEach: (frame: number) => void): PacketSource {
  const single = new PacketBlock();
  let block: PacketBlock | null = null;
  let next = 0;
  return {
    name: source.name,
    counters: source.counters,
    get interfaces() {
      return source.interfaces;
    },
    get problem() {
      return source.problem;
    },
    close: () => source.close(),
    async read(signal) {
      if (single.count === 1) afterEach(single.frameNumbers[0]!);
      while (block === null || next === block.count) {
        block = await source.read(signal);
        next = 0;
        if (block === null) return null;
      }
      copyPacket(block, next++, single);
      return single;
    },
  };
}

function copyPacket(from: PacketBlock, index: number, to: PacketBlock): void {
  to.bytes = from.bytes;
  to.count = 1;
  to.offsets[0] = from.offsets[index]!;
  to.capturedLengths[0] = from.capturedLengths[index]!;
  to.originalLengths[0] = from.originalLengths[index]!;
  to.timesHigh[0] = from.timesHigh[index]!;
  to.timesLow[0] = from.timesLow[index]!;
  to.interfaceIndexes[0] = from.interfaceIndexes[index]!;
  to.frameNumbers[0] = from.frameNumbers[index]!;
  to.vlanTags[0] = from.vlanTags[index]!;
}

function newBench(): DecoderBench {
  return DecoderBench.configured(
    { limits: { duplicate_window_us }, redaction: comparableRedaction },
    ...registry.plugins,
  );
}
