import { TunnelKind } from "../../../generated/wireloom/v1/observation_enums.js";
import { enterTunnel } from "../enter-tunnel.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 2;
/** Version 3, and reserved bits that are 0. */
const HEADER = 0x30;

/**
 * EtherIP (RFC 3378, section 2); an Ethernet frame follows.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Version|        Reserved       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeEtherIp(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES || bytes[start] !== HEADER || bytes[start + 1] !== 0) return Layer.End;
  return enterTunnel(packet, bytes, TunnelKind.ETHERIP, 0, start + HEADER_BYTES, Layer.Ethernet);
}

/** An Ethernet frame directly in IP, as in segment routing over IPv6 (RFC 8986, section 4.9). */
export function decodeEthernetInIp(packet: Packet, bytes: Uint8Array, start: number): number {
  return enterTunnel(packet, bytes, TunnelKind.ETHERIP, 0, start, Layer.Ethernet);
}
