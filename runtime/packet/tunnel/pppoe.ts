import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 6;
/** Version and type, both 1; code of a session packet. */
const VERSION_AND_TYPE = 0x11;
const SESSION_DATA = 0;

/**
 * A PPPoE session (RFC 2516, section 4); its PPP negotiation and discovery stay payload.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Ver  |  Type |      Code     |           Session ID          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |             Length            |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodePppoeSession(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES || bytes[start] !== VERSION_AND_TYPE || bytes[start + 1] !== SESSION_DATA) {
    return Layer.End;
  }
  const session = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  return enterTunnel(packet, bytes, TunnelKind.PPPOE, session, start + HEADER_BYTES, Layer.Ppp);
}
