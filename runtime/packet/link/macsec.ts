import { enterPayload } from "../enter-payload.js";
import { decodeEtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 6;
const CHANNEL_BYTES = 8;
const CHECK_VALUE_BYTES = 16;
/** Bits of the first byte (IEEE 802.1AE, 9.3): version, explicit channel, encrypted and changed. */
const VERSION = 0x80;
const CHANNEL = 0x20;
const ENCRYPTED_OR_CHANGED = 0x0c;

/**
 * MACsec (IEEE 802.1AE, 9.3) with integrity protection only: the Ethernet type and its payload are not encrypted, and are followed by a
 * check value of 16 bytes.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |V|E|S|S|E|C| AN|  Short length |         Packet number         |
 *   | |S|C|C| | |   |               |                               |
 *   | | | |B| | |   |               |                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                               |                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *   |          Secure channel identifier (where SC is set)          |
 *   +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                               |         Ethernet type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeMacsec(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES || (bytes[start]! & (VERSION | ENCRYPTED_OR_CHANGED)) !== 0) return Layer.End;
  const payloadStart = start + HEADER_BYTES + ((bytes[start]! & CHANNEL) !== 0 ? CHANNEL_BYTES : 0) + 2;
  if (payloadStart > end || packet.payloadLengthBytes < payloadStart - start + CHECK_VALUE_BYTES) return Layer.End;
  enterPayload(packet, payloadStart);
  packet.payloadLengthBytes -= CHECK_VALUE_BYTES;
  if (end - payloadStart > packet.payloadLengthBytes) packet.end = payloadStart + packet.payloadLengthBytes;
  packet.networkEnd = packet.end;
  const etherType = (bytes[payloadStart - 2]! << 8) | bytes[payloadStart - 1]!;
  return decodeEtherType(packet, bytes, payloadStart, packet.end, etherType);
}
