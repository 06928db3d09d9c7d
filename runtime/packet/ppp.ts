import { enterPayload } from "./enter-payload.js";
import { EtherType } from "./ether-type.js";
import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

const IPV4 = 0x0021;
const IPV6 = 0x0057;
const MPLS = 0x0281;
const MPLS_MULTICAST = 0x0283;

/**
 * PPP (RFC 1661, section 2; RFC 1662, section 3.1): IPv4, IPv6 and MPLS are decoded, other protocols are the payload.
 *
 * ```
 *   ┌──────────────┬──────────────┬──────────┬─────────────┐
 *   │ address 0xff │ control 0x03 │ protocol │ information │
 *   └──────────────┴──────────────┴──────────┴─────────────┘
 *        0 or 1         0 or 1        1, 2                  bytes
 * ```
 */
export function decodePpp(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  const payloadStart = pppPayloadStart(bytes, start, end);
  if (payloadStart < 0) return Layer.End;
  enterPayload(packet, payloadStart);
  return pppLayer(bytes, start, payloadStart);
}

/**
 * First byte after a PPP header at `start`, or -1 if it is truncated. Address and control (0xff 0x03) may be omitted, and so may the zero byte
 * with which most protocol numbers begin (RFC 1661, sections 6.5 and 6.6).
 */
export function pppPayloadStart(bytes: Uint8Array, start: number, end: number): number {
  const protocolStart = pppProtocolStart(bytes, start, end);
  if (protocolStart >= end) return -1;
  const payloadStart = protocolStart + ((bytes[protocolStart]! & 1) !== 0 ? 1 : 2);
  return payloadStart > end ? -1 : payloadStart;
}

/** The layer of the protocol number in the PPP header from `start` to `payloadStart`. */
export function pppLayer(bytes: Uint8Array, start: number, payloadStart: number): number {
  const isOneByte = payloadStart - pppProtocolStart(bytes, start, payloadStart) === 1;
  const protocol = ((isOneByte ? 0 : bytes[payloadStart - 2]!) << 8) | bytes[payloadStart - 1]!;
  switch (protocol) {
    case IPV4:
      return EtherType.Ipv4;
    case IPV6:
      return EtherType.Ipv6;
    case MPLS:
      return EtherType.Mpls;
    case MPLS_MULTICAST:
      return EtherType.MplsMulticast;
    default:
      return Layer.End;
  }
}

function pppProtocolStart(bytes: Uint8Array, start: number, end: number): number {
  return end - start >= 2 && bytes[start] === 0xff && bytes[start + 1] === 0x03 ? start + 2 : start;
}
