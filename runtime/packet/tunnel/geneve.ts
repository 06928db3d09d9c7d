import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { EtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 8;
const OPTION_HEADER_BYTES = 4;
const VERSION = 0xc0;
/** Reserved bits of the second byte. */
const RESERVED = 0x3f;

/**
 * Geneve (RFC 8926, section 3.4); options are skipped.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Ver|  Opt Len  |O|C|   Rsvd.   |         Protocol Type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |           Virtual Network Identifier          |    Reserved   |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                Options (Opt Len times 4 bytes)                ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeGeneve(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return Layer.End;
  const optionsBytes = (bytes[start]! & 0x3f) << 2;
  const payloadStart = start + HEADER_BYTES + optionsBytes;
  if ((bytes[start]! & VERSION) !== 0 || (bytes[start + 1]! & RESERVED) !== 0 || bytes[start + 7] !== 0)
    return Layer.End;
  if (payloadStart > end || !areOptions(bytes, start + HEADER_BYTES, payloadStart)) return Layer.End;
  const protocol = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  const identifier = (bytes[start + 4]! << 16) | (bytes[start + 5]! << 8) | bytes[start + 6]!;
  const layer = protocol === EtherType.TransparentBridging ? Layer.Ethernet : protocol;
  return enterTunnel(packet, bytes, TunnelKind.GENEVE, identifier, payloadStart, layer);
}

/** Whether the lengths of options fill their place. */
function areOptions(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (end - at >= OPTION_HEADER_BYTES) at += OPTION_HEADER_BYTES + ((bytes[at + 3]! & 0x1f) << 2);
  return at === end;
}
