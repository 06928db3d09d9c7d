import { enterPayload } from "../enter-payload.js";
import { decodeEtherType, isEtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

/** Length of Cisco's metadata, including its Ethernet type. */
export const METADATA_BYTES = 8;

/**
 * A tag of `tagBytes` that switches put before the Ethernet type: Cisco's VN-tag, the tag of bridge port extension
 * (IEEE 802.1BR), or that of High-availability Seamless Redundancy (IEC 62439-3).
 *
 * ```
 *   VN-tag
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |D|P|   Destination interface   |L|R|Ver|    Source interface   |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Ethernet type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 *   Bridge port extension
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |E-PCP|D|   Ingress E-CID base  |Res|GRP|       E-CID base      |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Ingress ext. |   E-CID ext.  |         Ethernet type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 *   High-availability Seamless Redundancy
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Path |       LSDU size       |        Sequence number        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Ethernet type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeInsertedTag(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  tagBytes: number,
): number {
  const payloadStart = start + tagBytes + 2;
  if (payloadStart > end) return Layer.End;
  enterPayload(packet, payloadStart);
  const etherType = (bytes[payloadStart - 2]! << 8) | bytes[payloadStart - 1]!;
  return isEtherType(etherType) ? decodeEtherType(packet, bytes, payloadStart, end, etherType) : Layer.End;
}

/**
 * Cisco's metadata in Ethernet; in GRE the Ethernet type comes first.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |    Version    |     Length    |             Option            |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Security group        |         Ethernet type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeCiscoMetadata(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < METADATA_BYTES) return Layer.End;
  const etherType = ciscoMetadataType(bytes, start);
  enterPayload(packet, start + METADATA_BYTES);
  return isEtherType(etherType) ? decodeEtherType(packet, bytes, start + METADATA_BYTES, end, etherType) : Layer.End;
}

/** Ethernet type in the metadata of {@link METADATA_BYTES} at `start`. */
export function ciscoMetadataType(bytes: Uint8Array, start: number): number {
  const at = bytes[start] === 1 ? start + METADATA_BYTES - 2 : start;
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/**
 * Arista's timestamp (manual of Arista EOS, "TAP aggregation"): time scale 0 or 1, version 0x10 as drawn, or 0x20 with 16 bits of seconds.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |           Subtype 1           |   Time scale  |    Version    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                            Seconds                            |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                          Nanoseconds                          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Ethernet type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeArista(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 4 || bytes[start] !== 0 || bytes[start + 1] !== 1 || bytes[start + 2]! > 1) return Layer.End;
  if (bytes[start + 3] === 0x10) return decodeInsertedTag(packet, bytes, start, end, 12);
  return bytes[start + 3] === 0x20 ? decodeInsertedTag(packet, bytes, start, end, 10) : Layer.End;
}
