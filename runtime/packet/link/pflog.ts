import { enterPayload } from "../enter-payload.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const SHORTEST_BYTES = 28;

/** OpenBSD's packet filter log (LINKTYPE_PFLOG): a header that begins with its length, without the padding to 4 bytes, then IP. */
export function decodePacketFilterLog(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < SHORTEST_BYTES || bytes[start]! < SHORTEST_BYTES) return Layer.End;
  const packetStart = start + ((bytes[start]! + 3) & ~3);
  if (packetStart > end) return Layer.End;
  enterPayload(packet, packetStart);
  return Layer.Ip;
}
