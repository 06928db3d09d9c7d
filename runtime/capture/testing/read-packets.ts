import type { PacketSource } from "../packet-source.js";

/** One packet of a source, copied, for tests. */
export interface ReadPacket {
  readonly hex: string;
  readonly originalLength: number;
  readonly time: bigint;
  readonly interfaceName: string;
  readonly frameNumber: number;
  readonly vlanTag: number;
}

/** Reads a source until `isEnough` returns true, or to its end, and copies its packets, for tests. */
export async function readPackets(
  source: PacketSource,
  isEnough: (packets: readonly ReadPacket[]) => boolean = () => false,
): Promise<ReadPacket[]> {
  const packets: ReadPacket[] = [];
  const { signal } = new AbortController();
  while (!isEnough(packets)) {
    const block = await source.read(signal);
    if (block === null) break;
    for (let i = 0; i < block.count; i++) {
      const start = block.offsets[i]!;
      packets.push({
        hex: Buffer.from(block.bytes.subarray(start, start + block.capturedLengths[i]!)).toString("hex"),
        originalLength: block.originalLengths[i]!,
        time: (BigInt(block.timesHigh[i]!) << 32n) | BigInt(block.timesLow[i]!),
        interfaceName: source.interfaces[block.interfaceIndexes[i]!]!.name,
        frameNumber: block.frameNumbers[i]!,
        vlanTag: block.vlanTags[i]!,
      });
    }
  }
  return packets;
}
