import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { Layer } from "../layer.js";
import { isLikelyFrame } from "../likely-frame.js";
import { nshLayer } from "../nsh.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 8;
const IDENTIFIER_VALID = 0x08;
/** Flags of the generic protocol extension: version 0, identifier, protocol, broadcast and operations. */
const GENERIC_FLAGS = 0x3f;
const GENERIC_VERSION = 0x30;
const PROTOCOL_VALID = 0x04;
const OPERATIONS = 0x01;

/**
 * VXLAN (RFC 7348, section 5). Reserved bits are ignored on receipt. If some are set, for example by extensions, the header is weaker evidence
 * of VXLAN, and the following frame must be plausible. The generic protocol extension on VXLAN's port may carry other protocols.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |R|R|R|R|I|R|R|R|                    Reserved                   |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |           Virtual Network Identifier          |    Reserved   |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeVxlan(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return Layer.End;
  const flags = bytes[start]!;
  if ((flags & IDENTIFIER_VALID) === 0) return Layer.End;
  const frameStart = start + HEADER_BYTES;
  const reserved =
    (flags & ~IDENTIFIER_VALID) | bytes[start + 1]! | bytes[start + 2]! | bytes[start + 3]! | bytes[start + 7]!;
  if (reserved !== 0 && !isLikelyFrame(bytes, frameStart, end, packet.payloadLengthBytes - HEADER_BYTES)) {
    return (flags & PROTOCOL_VALID) === 0 ? Layer.End : decodeVxlanGpe(packet, bytes, start, end);
  }
  return enterTunnel(packet, bytes, TunnelKind.VXLAN, networkIdentifier(bytes, start), frameStart, Layer.Ethernet);
}

/**
 * VXLAN with the generic protocol extension (draft-ietf-nvo3-vxlan-gpe-13, section 3), which carries more than Ethernet.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |R|R|Ver|I|P|B|O|            Reserved           | Next Protocol |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |           Virtual Network Identifier          |    Reserved   |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeVxlanGpe(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return Layer.End;
  const flags = bytes[start]!;
  const isSound =
    (flags & ~GENERIC_FLAGS) === 0 &&
    (flags & (GENERIC_VERSION | OPERATIONS)) === 0 &&
    (flags & IDENTIFIER_VALID) !== 0 &&
    (bytes[start + 1]! | bytes[start + 2]! | bytes[start + 7]!) === 0;
  if (!isSound) return Layer.End;
  const layer = (flags & PROTOCOL_VALID) === 0 ? Layer.Ethernet : nshLayer(bytes[start + 3]!);
  return enterTunnel(packet, bytes, TunnelKind.VXLAN, networkIdentifier(bytes, start), start + HEADER_BYTES, layer);
}

function networkIdentifier(bytes: Uint8Array, start: number): number {
  return (bytes[start + 4]! << 16) | (bytes[start + 5]! << 8) | bytes[start + 6]!;
}
