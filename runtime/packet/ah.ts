import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

const MIN_BYTES = 12;

/**
 * An IP authentication header (RFC 4302, section 2), whose length field counts units of 4 bytes minus 2. Returns the protocol that follows,
 * which may be another authentication header.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Next Header  |  Payload Len  |            Reserved           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                   Security Parameters Index                   |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                        Sequence Number                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                Integrity Check Value (variable)               ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeAh(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < MIN_BYTES) return Layer.End;
  const lengthBytes = (bytes[start + 1]! + 2) << 2;
  if (end - start < lengthBytes) return Layer.End;
  const protocol = bytes[start]!;
  packet.ipProtocol = protocol;
  packet.start = start + lengthBytes;
  packet.transportStart = packet.start;
  packet.payloadLengthBytes = Math.max(0, packet.payloadLengthBytes - lengthBytes);
  return protocol;
}
