import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

/** A truncated TCP or UDP header: its ports, which come first in both, if they were captured, and an empty payload. */
export function decodeCutPorts(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  headerBytes: number,
): typeof Layer.End {
  if (end - start >= 4) {
    packet.srcPort = (bytes[start]! << 8) | bytes[start + 1]!;
    packet.dstPort = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  }
  packet.start = end;
  packet.payloadLengthBytes = Math.max(0, packet.payloadLengthBytes - headerBytes);
  return Layer.End;
}
