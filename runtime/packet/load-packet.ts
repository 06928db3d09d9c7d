import type { Packet } from "./packet.js";
import type { PacketBlock } from "./packet-block.js";

/** Sets `packet` to packet `index` of the block, with everything that `decodeLayers` requires. */
export function loadPacket(packet: Packet, block: PacketBlock, index: number): void {
  const start = block.offsets[index]!;
  packet.bytes = block.bytes;
  packet.frameStart = start;
  packet.frameEnd = start + block.capturedLengths[index]!;
  packet.originalLengthBytes = block.originalLengths[index]!;
  packet.time.high = block.timesHigh[index]!;
  packet.time.low = block.timesLow[index]!;
  packet.frameNumber = block.frameNumbers[index]!;
  packet.interfaceIndex = block.interfaceIndexes[index]!;
  packet.strippedVlanTag = block.vlanTags[index]!;
}
