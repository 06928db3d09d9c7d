import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { EtherType } from "../ether-type.js";
import { ipHeaderLayer } from "../ip-header.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";
import { decodeErspan, decodeErspanThree } from "./erspan.js";

const HEADER_BYTES = 4;
const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
/** Enhanced GRE only. */
const ACKNOWLEDGEMENT = 0x0080;
const VERSION = 0x0007;
const ENHANCED = 1;

/** Virtual subnets below this are reserved (RFC 7637, section 3.3); a key in their range belongs to plain GRE. */
const FIRST_VIRTUAL_SUBNET = 0x1000;
const REDIRECT_HEADER_BYTES = 4;

/**
 * GRE with checksum, routing, key and sequence number (RFC 1701, RFC 2784, RFC 2890), in IP or UDP (RFC 8086), and PPTP's enhanced
 * GRE (RFC 2637). Carries IP, Ethernet, MPLS, PPP, ERSPAN, packets redirected by WCCP, and IEEE 802.11 from Aruba's access points.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |C|R|K|S|s|Recur|A| Flags | Ver |         Protocol Type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |       Checksum (C or R)       |        Offset (C or R)        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                            Key (K)                            |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                      Sequence Number (S)                      |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |          Acknowledgment Number (A, enhanced GRE only)         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                     Routing (R, variable)                     ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * A field is present when a flag in its parentheses is set.
 */
export function decodeGre(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return Layer.End;
  const flags = (bytes[start]! << 8) | bytes[start + 1]!;
  const isEnhanced = (flags & VERSION) === ENHANCED;
  if ((flags & VERSION) > ENHANCED) return Layer.End;
  const protocol = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  let at = start + HEADER_BYTES;
  if ((flags & (CHECKSUM | ROUTING)) !== 0) at += 4;
  let key = 0;
  if ((flags & KEY) !== 0) {
    if (end - at < 4) return Layer.End;
    key = ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
    at += 4;
  }
  if ((flags & SEQUENCE) !== 0) at += 4;
  if (isEnhanced && (flags & ACKNOWLEDGEMENT) !== 0) at += 4;
  if ((flags & ROUTING) !== 0) at = sourceRoutesEnd(bytes, at, end);
  if (at >= end) return Layer.End;

  switch (protocol) {
    case EtherType.Erspan:
      return decodeErspan(packet, bytes, at, end, (flags & SEQUENCE) !== 0);
    case EtherType.ErspanThree:
      return decodeErspanThree(packet, bytes, at, end);
    case EtherType.Ppp:
      // The upper half of an enhanced key is the length of the payload.
      return enterTunnel(packet, bytes, TunnelKind.GRE, isEnhanced ? key & 0xffff : key, at, Layer.Ppp);
    case EtherType.TransparentBridging:
      return isNvgre(flags, key)
        ? enterTunnel(packet, bytes, TunnelKind.NVGRE, key >>> 8, at, Layer.Ethernet)
        : enterTunnel(packet, bytes, TunnelKind.GRE, key, at, Layer.Ethernet);
    case EtherType.Wccp: {
      // WCCP version 2 puts a header before the packet, version 1 does not.
      const packetStart = ipHeaderLayer(bytes, at, end) === Layer.End ? at + REDIRECT_HEADER_BYTES : at;
      return enterTunnel(packet, bytes, TunnelKind.GRE, key, packetStart, ipHeaderLayer(bytes, packetStart, end));
    }
    default:
      return enterTunnel(packet, bytes, TunnelKind.GRE, key, at, isAruba(protocol) ? Layer.Ieee80211 : protocol);
  }
}

/** First byte after source route entries (RFC 1701): address family, offset, length, route; an empty entry ends them. */
function sourceRoutesEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (end - at >= 4) {
    const family = (bytes[at]! << 8) | bytes[at + 1]!;
    const lengthBytes = bytes[at + 3]!;
    at += 4 + lengthBytes;
    if (family === 0 && lengthBytes === 0) return at;
  }
  return end;
}

/** NVGRE (RFC 7637, section 3.2) is distinguished from other Ethernet over GRE by the required form of its key. */
function isNvgre(flags: number, key: number): boolean {
  return (flags & (CHECKSUM | ROUTING | KEY | SEQUENCE)) === KEY && key >>> 8 >= FIRST_VIRTUAL_SUBNET;
}

function isAruba(protocol: number): boolean {
  return protocol >= 0x8200 && protocol <= 0x83ff;
}
