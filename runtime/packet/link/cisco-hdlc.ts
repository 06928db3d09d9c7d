import { enterPayload } from "../enter-payload.js";
import { decodeEtherType, isEtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 4;

/** Cisco's SLARP keepalives, whose number is that of RARP in Ethernet. */
const SLARP = 0x8035;

/**
 * Cisco's HDLC framing (LINKTYPE_C_HDLC; RFC 1547, section 4.3.1): address, control, Ethernet type.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |    Address    |    Control    |         Ethernet type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeCiscoHdlc(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return Layer.End;
  const etherType = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  enterPayload(packet, start + HEADER_BYTES);
  return isEtherType(etherType) && etherType !== SLARP
    ? decodeEtherType(packet, bytes, start + HEADER_BYTES, end, etherType)
    : Layer.End;
}
