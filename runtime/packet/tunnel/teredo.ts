import { TunnelKind } from "../../../generated/wireloom/v1/observation-record.js";
import { enterTunnel } from "../enter-tunnel.js";
import { EtherType } from "../ether-type.js";
import { exactIpLayer } from "../ip-header.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const AUTHENTICATION = 1;
const ORIGIN = 0;
const ORIGIN_BYTES = 8;
/** Of an authentication header without its identifier and value: type, two lengths, nonce, confirmation. */
const AUTHENTICATION_BYTES = 13;

/** Teredo (RFC 4380, section 5.1.1): authentication, then origin indication, then an IPv6 packet that fills the datagram. */
export function decodeTeredo(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  if (end - at >= 4 && bytes[at] === 0 && bytes[at + 1] === AUTHENTICATION) {
    at += AUTHENTICATION_BYTES + bytes[at + 2]! + bytes[at + 3]!;
  }
  if (end - at >= 2 && bytes[at] === 0 && bytes[at + 1] === ORIGIN) at += ORIGIN_BYTES;
  const lengthBytes = packet.payloadLengthBytes - (at - start);
  if (exactIpLayer(bytes, at, end, lengthBytes) !== EtherType.Ipv6) return Layer.End;
  return enterTunnel(packet, bytes, TunnelKind.TEREDO, 0, at, EtherType.Ipv6);
}
