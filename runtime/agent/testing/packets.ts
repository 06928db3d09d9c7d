import type { PacketSource } from "../../capture/packet-source.js";
import { LinkType } from "../../packet/link-type.js";
import { type CaptureInterface, PacketBatch } from "../../packet/packet-batch.js";

/** One Ethernet frame and its time. */
export interface TimedFrame {
  readonly bytes: Uint8Array;
  /** Nanoseconds since the Unix epoch. */
  readonly time: bigint;
}

const INTERFACES: readonly CaptureInterface[] = [{ name: "test0", linkType: LinkType.Ethernet }];

/** A source of frames that a test made, in packet blocks of the sizes that `nextSize` gives. */
export function packetsSource(frames: readonly TimedFrame[], nextSize: () => number = () => 4096): PacketSource {
  const batch = new PacketBatch();
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
      batch.bytes = Buffer.concat(taken.map(({ bytes }) => bytes));
      batch.count = taken.length;
      let offset = 0;
      for (const [i, { bytes, time }] of taken.entries()) {
        batch.offsets[i] = offset;
        batch.capturedLengths[i] = bytes.length;
        batch.originalLengths[i] = bytes.length;
        batch.timesHigh[i] = Number(time >> 32n);
        batch.timesLow[i] = Number(time & 0xffffffffn);
        batch.interfaceIndexes[i] = 0;
        batch.frameNumbers[i] = ++at;
        batch.vlanTags[i] = 0;
        offset += bytes.length;
      }
      counters.packets += taken.length;
      return batch;
    },
    async close() {},
  };
}
