import type { Packet } from "./packet.js";
import type { PacketBatch } from "./packet-batch.js";

/** Sets `packet` to packet `index` of the batch, with everything that `decodeLayers` requires. */
export function loadPacket(packet: Packet, batch: PacketBatch, index: number): void {
  const start = batch.offsets[index]!;
  packet.bytes = batch.bytes;
  packet.frameStart = start;
  packet.frameEnd = start + batch.capturedLengths[index]!;
  packet.originalLengthBytes = batch.originalLengths[index]!;
  packet.time.high = batch.timesHigh[index]!;
  packet.time.low = batch.timesLow[index]!;
  packet.frameNumber = batch.frameNumbers[index]!;
  packet.interfaceIndex = batch.interfaceIndexes[index]!;
  packet.strippedVlanTag = batch.vlanTags[index]!;
}
