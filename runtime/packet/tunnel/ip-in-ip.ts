import { TunnelKind } from "../../../generated/wireloom/v1/observation-record.js";
import { enterTunnel } from "../enter-tunnel.js";
import { ipHeaderLayer } from "../ip-header.js";
import type { Packet } from "../packet.js";

/** An IP packet in an IP packet (RFC 2003, RFC 2473, RFC 4213, RFC 7676); its version is what its header states. */
export function decodeIpInIp(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  return enterTunnel(packet, bytes, TunnelKind.IP, 0, start, ipHeaderLayer(bytes, start, end));
}
