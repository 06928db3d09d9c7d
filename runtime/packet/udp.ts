import { decodeCutPorts } from "./cut-ports.js";
import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

const HEADER_BYTES = 8;
const END = Layer.End;
const UDP_TUNNEL = Layer.UdpTunnel;

/**
 * UDP (RFC 768); returns `Layer.UdpTunnel` for a port whose number in `tunnelPorts` is not 0. A length beyond the IP payload is limited to it.
 * A length below 8 results in an empty payload, except that 0 over IPv6 means the length of the IP payload (RFC 2675).
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |          Source Port          |        Destination Port       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |             Length            |            Checksum           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeUdp(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  tunnelPorts: Uint8Array,
): number {
  if (end - start < HEADER_BYTES) return decodeCutPorts(packet, bytes, start, end, HEADER_BYTES);
  const srcPort = (bytes[start]! << 8) | bytes[start + 1]!;
  const dstPort = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  const payloadStart = start + HEADER_BYTES;
  packet.srcPort = srcPort;
  packet.dstPort = dstPort;
  packet.start = payloadStart;
  const lengthBytes = (bytes[start + 4]! << 8) | bytes[start + 5]!;
  if (lengthBytes === 0 && packet.ipVersion === 6) {
    packet.payloadLengthBytes -= HEADER_BYTES;
  } else {
    const payloadBytes = lengthBytes < HEADER_BYTES ? 0 : lengthBytes - HEADER_BYTES;
    packet.payloadLengthBytes = payloadBytes;
    if (payloadBytes < end - payloadStart) packet.end = payloadStart + payloadBytes;
  }
  return tunnelPorts[dstPort] !== 0 || tunnelPorts[srcPort] !== 0 ? UDP_TUNNEL : END;
}
