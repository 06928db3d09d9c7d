import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { EtherType } from "../ether-type.js";
import { exactIpLayer, ipHeaderLayer } from "../ip-header.js";
import { IpProtocol } from "../ip-protocol.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const AUTHENTICATION = 1;
const ORIGIN = 0;
const ORIGIN_BYTES = 8;
/** Length of an authentication header without its identifier and value: type, two lengths, nonce, confirmation. */
const AUTHENTICATION_BYTES = 13;

/**
 * Teredo (RFC 4380, section 5.1.1): authentication, then origin indication, then an IPv6 packet that fills the datagram, or a bubble, which
 * is an IPv6 packet without payload that may be followed by trailers (RFC 6081).
 *
 * ```
 *   Authentication
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |      0x00     |      0x01     |     ID-len    |     AU-len    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                Client identifier (ID-len bytes)               ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~              Authentication value (AU-len bytes)              ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                                                               |
 *   +                             Nonce                             +
 *   |                                                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Confirmation |
 *   +-+-+-+-+-+-+-+-+
 *
 *   Origin indication
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |      0x00     |      0x00     |        Obfuscated port        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                       Obfuscated address                      |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeTeredo(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  if (end - at >= 4 && bytes[at] === 0 && bytes[at + 1] === AUTHENTICATION) {
    at += AUTHENTICATION_BYTES + bytes[at + 2]! + bytes[at + 3]!;
  }
  if (end - at >= 2 && bytes[at] === 0 && bytes[at + 1] === ORIGIN) at += ORIGIN_BYTES;
  const lengthBytes = packet.payloadLengthBytes - (at - start);
  if (!isBubble(bytes, at, end) && exactIpLayer(bytes, at, end, lengthBytes) !== EtherType.Ipv6) return Layer.End;
  return enterTunnel(packet, bytes, TunnelKind.TEREDO, 0, at, EtherType.Ipv6);
}

function isBubble(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    ipHeaderLayer(bytes, at, end) === EtherType.Ipv6 &&
    bytes[at + 4] === 0 &&
    bytes[at + 5] === 0 &&
    bytes[at + 6] === IpProtocol.Ipv6NoNextHeader
  );
}
