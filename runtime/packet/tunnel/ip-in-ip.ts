import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { EtherType } from "../ether-type.js";
import { ipHeaderLayer } from "../ip-header.js";
import { IpProtocol } from "../ip-protocol.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

/**
 * An IP packet in an IP packet (RFC 2003, RFC 2473, RFC 4213, RFC 7676). Its version must be that of the outer header's protocol; the
 * checksum of an IPv4 header must be correct, or zero as before checksum offload.
 *
 * ```
 *   ┌─────────────────┬─────────────────┬─────────┐
 *   │ outer IP header │ inner IP header │ payload │
 *   └─────────────────┴─────────────────┴─────────┘
 * ```
 */
export function decodeIpInIp(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  const layer = ipHeaderLayer(bytes, start, end);
  const isIpv4 = layer === EtherType.Ipv4;
  const isSound = isIpv4 ? hasSoundChecksum(bytes, start, end) : layer === EtherType.Ipv6;
  if (!isSound || isIpv4 !== (packet.ipProtocol === IpProtocol.Ipv4)) return Layer.End;
  return enterTunnel(packet, bytes, TunnelKind.IP, 0, start, layer);
}

/** RFC 1071; a truncated header passes. */
function hasSoundChecksum(bytes: Uint8Array, start: number, end: number): boolean {
  const headerEnd = start + ((bytes[start]! & 15) << 2);
  if (headerEnd > end || (bytes[start + 10] === 0 && bytes[start + 11] === 0)) return true;
  let sum = 0;
  for (let at = start; at < headerEnd; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}
