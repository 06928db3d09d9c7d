import fc from "fast-check";
import { registry } from "../../../generated/registry.js";
import { defaultLimits } from "../../../runtime/engine/engine-limits.js";
import { Pipeline } from "../../../runtime/engine/pipeline.js";
import { nodeCryptography } from "../../../runtime/node/node-cryptography.js";
import { type CaptureInterface, PacketBlock } from "../../../runtime/packet/packet-block.js";
import { throwFault } from "../../../runtime/plugin/testing/decoder-bench.js";
import { type FuzzTarget, frameOf } from "../fuzz-target.js";
import { mutations } from "../mutation.js";

/** Frames of one input. */
const MAX_FRAMES = 12;

/**
 * Decoders in conversations: a run of neighbouring frames in their order, some of them changed, left out or doubled, so that what comes
 * later meets the state that came before. The pipeline is told of the end now and then.
 */
export const conversationsTarget: FuzzTarget = {
  name: "conversations",
  share: 0.1,
  prepare(corpus) {
    const { frames } = corpus;
    const step = fc.record({
      fate: fc.constantFrom("whole", "whole", "whole", "changed", "lost", "twice"),
      changes: mutations,
    });
    const input = fc.record({
      first: fc.nat(frames.length - 1),
      other: fc.nat(frames.length - 1),
      steps: fc.array(step, { minLength: 1, maxLength: MAX_FRAMES }),
    });
    const block = new PacketBlock();
    const limits = { ...defaultLimits, conversations: 64 };
    let pipeline = new Pipeline(registry.plugins, {
      cryptography: nodeCryptography,
      session: 0,
      limits,
      onDecoderFault: throwFault,
    });
    let inputs = 0;
    return fc.property(input, ({ first, other, steps }) => {
      if (++inputs % 256 === 0) {
        pipeline.finish();
        pipeline = new Pipeline(registry.plugins, {
          cryptography: nodeCryptography,
          session: 0,
          limits,
          onDecoderFault: throwFault,
        });
      }
      const interfaces: CaptureInterface[] = [];
      const parts: Uint8Array[] = [];
      let offset = 0;
      block.count = 0;
      steps.forEach(({ fate, changes }, i) => {
        const seed = first + i;
        if (fate === "lost" || seed >= frames.length) return;
        const { bytes, linkType } = frameOf(corpus, { seed, other, changes: fate === "changed" ? changes : [] });
        for (let times = fate === "twice" ? 2 : 1; times > 0; times--) {
          const at = block.count++;
          block.offsets[at] = offset;
          block.capturedLengths[at] = bytes.length;
          block.originalLengths[at] = bytes.length;
          block.timesHigh[at] = 411_000_000;
          block.timesLow[at] = i * 1_000_000;
          block.interfaceIndexes[at] = interfaces.length;
          interfaces.push({ name: "fuzz", linkType });
          parts.push(bytes);
          offset += bytes.length;
        }
      });
      block.bytes = Buffer.concat(parts);
      pipeline.startSource();
      pipeline.process(block, interfaces);
      for (const index of registry.plugins.keys()) pipeline.drop(index);
    });
  },
};
