import fc from "fast-check";
import { registry } from "../../../generated/registry.js";
import { defaultLimits } from "../../../runtime/engine/engine-limits.js";
import { Pipeline } from "../../../runtime/engine/pipeline.js";
import { nodeCryptography } from "../../../runtime/node/node-cryptography.js";
import { PacketBlock } from "../../../runtime/packet/packet-block.js";
import { throwFault } from "../../../runtime/plugin/testing/decoder-bench.js";
import { type FuzzedFrame, type FuzzTarget, frameOf, fuzzedFrames } from "../fuzz-target.js";

/** Inputs between two looks at the rows. */
const LOOK_INTERVAL = 512;

/**
 * Every decoder, with layers, defragmentation and streams before it: runs of neighbouring frames, changed, through one pipeline whose
 * limits are low, so that they are reached. The rows are read as a collector reads them.
 */
export const decodersTarget: FuzzTarget = {
  name: "decoders",
  share: 0.4,
  prepare(corpus) {
    const limits = {
      ...defaultLimits,
      conversations: 512,
      stream_connection_bytes: 16384,
      stream_plugin_bytes: 65536,
      stream_total_bytes: 262144,
      stream_gap_bytes: 8192,
      fragment_datagrams: 16,
      fragment_bytes: 65536,
      pending_bytes: 65536,
    };
    const pipeline = new Pipeline(registry.plugins, {
      cryptography: nodeCryptography,
      session: 0,
      limits,
      onDecoderFault: throwFault,
    });
    const columns = registry.plugins.map(({ codec }) => codec.createColumns());
    const block = new PacketBlock();
    block.count = 1;
    let inputs = 0;
    let milliseconds = 1_767_225_600_000;
    const feed = (frame: FuzzedFrame) => {
      const { bytes, linkType } = frameOf(corpus, frame);
      milliseconds += 1;
      block.bytes = bytes;
      block.capturedLengths[0] = bytes.length;
      block.originalLengths[0] = bytes.length;
      const nanoseconds = BigInt(milliseconds) * 1_000_000n;
      block.timesHigh[0] = Number(nanoseconds >> 32n);
      block.timesLow[0] = Number(nanoseconds & 0xffffffffn);
      block.frameNumbers[0] = ++inputs;
      pipeline.startSource();
      pipeline.process(block, [{ name: "fuzz", linkType }]);
      if (inputs % LOOK_INTERVAL === 0) readRows(pipeline, columns);
    };
    return fc.property(fuzzedFrames(corpus), (frame) => feed(frame));
  },
};

function readRows(
  pipeline: Pipeline,
  columns: ReturnType<(typeof registry.plugins)[number]["codec"]["createColumns"]>[],
): void {
  for (const [index, { codec }] of registry.plugins.entries()) {
    const taken = pipeline.take(index);
    if (taken === undefined) continue;
    let rows = 0;
    for (let at = 0; at < taken.rows.length; ) {
      at = codec.read(taken.rows, at, taken.rows.length, columns[index]!);
      rows += columns[index]!.rowCount;
    }
    if (rows !== taken.count) throw new Error(`${rows} rows of ${taken.count} were read`);
  }
}
