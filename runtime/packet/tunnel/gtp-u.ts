import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { boundedIpLayer } from "../ip-header.js";
import { Layer } from "../layer.js";
import { isLikelyFrame } from "../likely-frame.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 8;
const OPTIONAL_BYTES = 4;
/** Version 1 and the protocol type of GTP, and the reserved bit; then the flags of extension headers, sequence and N-PDU numbers. */
const VERSION_AND_TYPE = 0xf8;
const VERSION_ONE = 0x30;
const OPTIONAL_FLAGS = 0x07;
const EXTENSION_FLAG = 0x04;
const USER_PACKET = 255;

/**
 * User packets of GTP-U (3GPP TS 29.281, section 5.1); its signalling stays payload.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   | Ver |P|0|E|S|P|  Message Type |             Length            |
 *   |     |T| | | |N|               |                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                   Tunnel Endpoint Identifier                  |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |        Sequence Number        |  N-PDU Number | Next Extension|
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~               Extension headers (where E is set)              ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * The third word is present when E, S or PN is set.
 */
export function decodeGtpU(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return Layer.End;
  const flags = bytes[start]!;
  if ((flags & VERSION_AND_TYPE) !== VERSION_ONE || bytes[start + 1] !== USER_PACKET) return Layer.End;
  const lengthBytes = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  if (lengthBytes + HEADER_BYTES > packet.payloadLengthBytes) return Layer.End;
  const endpoint =
    ((bytes[start + 4]! << 24) | (bytes[start + 5]! << 16) | (bytes[start + 6]! << 8) | bytes[start + 7]!) >>> 0;
  let at = start + HEADER_BYTES;
  if ((flags & OPTIONAL_FLAGS) !== 0) {
    at += OPTIONAL_BYTES;
    if ((flags & EXTENSION_FLAG) !== 0) at = extensionHeadersEnd(bytes, at, end);
  }
  if (at < 0 || at >= end) return Layer.End;
  const userBytes = lengthBytes - (at - start - HEADER_BYTES);
  const layer = userLayer(bytes, at, end, userBytes);
  return enterTunnel(packet, bytes, TunnelKind.GTPU, endpoint, at, layer);
}

/** First byte after the extension headers (TS 29.281, section 5.2.1): each begins with its length and ends with the next header's type. */
function extensionHeadersEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at <= end && bytes[at - 1] !== 0) {
    if (at === end || bytes[at] === 0) return -1;
    at += bytes[at]! << 2;
  }
  return at > end ? -1 : at;
}

/** The type of a user packet, IP, PPP or Ethernet, is determined from its bytes. */
function userLayer(bytes: Uint8Array, start: number, end: number, lengthBytes: number): number {
  const ip = boundedIpLayer(bytes, start, end, lengthBytes);
  if (ip !== Layer.End) return ip;
  if (end - start >= 2 && bytes[start] === 0xff && bytes[start + 1] === 0x03) return Layer.Ppp;
  return isLikelyFrame(bytes, start, end, lengthBytes) ? Layer.Ethernet : Layer.End;
}
