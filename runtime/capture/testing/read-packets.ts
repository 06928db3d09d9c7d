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
    const batch = await source.read(signal);
    if (batch === null) break;
    for (let i = 0; i < batch.count; i++) {
      const start = batch.offsets[i]!;
      packets.push({
        hex: Buffer.from(batch.bytes.subarray(start, start + batch.capturedLengths[i]!)).toString("hex"),
        originalLength: batch.originalLengths[i]!,
        time: (BigInt(batch.timesHigh[i]!) << 32n) | BigInt(batch.timesLow[i]!),
        interfaceName: source.interfaces[batch.interfaceIndexes[i]!]!.name,
        frameNumber: batch.frameNumbers[i]!,
        vlanTag: batch.vlanTags[i]!,
      });
    }
  }
  return packets;
}
