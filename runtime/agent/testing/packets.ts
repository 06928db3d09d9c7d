import type { PacketSource } from "../../capture/packet-source.js";
import { LinkType } from "../../packet/link-type.js";
import { type CaptureInterface, PacketBlock } from "../../packet/packet-block.js";

/** One Ethernet frame and its time. */
export interface TimedFrame {
  readonly bytes: Uint8Array;
  /** Nanoseconds since the Unix epoch. */
  readonly time: bigint;
}

const INTERFACES: readonly CaptureInterface[] = [{ name: "test0", linkType: LinkType.Ethernet }];

/** A source of frames that a test made, in packet blocks of the sizes that `nextSize` gives. */
export function packetsSource(frames: readonly TimedFrame[], nextSize: () => number = () => 4096): PacketSource {
  const block = new PacketBlock();
  const counters = { packets: 0, bytes: 0, dropped: 0 };
  let at = 0;
  return {
    name: "test",
    interfaces: INTERFACES,
    counters,
    problem: undefined,
    async read(signal) {
      // As reading a file does, it lets others run.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted || at === frames.length) return null;
      const taken = frames.slice(at, at + Math.max(1, nextSize()));
      block.bytes = Buffer.concat(taken.map(({ bytes }) => bytes));
      block.count = taken.length;
      let offset = 0;
      for (const [i, { bytes, time }] of taken.entries()) {
        block.offsets[i] = offset;
        block.capturedLengths[i] = bytes.length;
        block.originalLengths[i] = bytes.length;
        block.timesHigh[i] = Number(time >> 32n);
        block.timesLow[i] = Number(time & 0xffffffffn);
        block.interfaceIndexes[i] = 0;
        block.frameNumbers[i] = ++at;
        block.vlanTags[i] = 0;
        offset += bytes.length;
      }
      counters.packets += taken.length;
      return block;
    },
    async close() {},
  };
}
