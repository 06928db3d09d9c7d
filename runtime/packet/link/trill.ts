import { enterPayload } from "../enter-payload.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 6;

/**
 * TRILL (RFC 6325, section 3.1), then the routed frame.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   | V | R |M|Op-Length| Hop Count |        Egress Nickname        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |        Ingress Nickname       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~               Options (Op-Length times 4 bytes)               ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeTrill(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES || bytes[start]! >> 6 !== 0) return Layer.End;
  const optionWords = ((bytes[start]! & 7) << 2) | (bytes[start + 1]! >> 6);
  const frameStart = start + HEADER_BYTES + (optionWords << 2);
  if (frameStart > end) return Layer.End;
  enterPayload(packet, frameStart);
  return Layer.Ethernet;
}
