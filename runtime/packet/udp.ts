import type { Packet } from "./packet.js";

const HEADER_BYTES = 8;

/**
 * UDP (RFC 768). A length beyond the IP payload is bounded by it; a length below 8 leaves an empty payload, except that 0 over
 * IPv6 means "as long as IP says" (RFC 2675).
 */
export function decodeUdp(packet: Packet, bytes: Uint8Array, start: number, end: number): void {
  if (end - start < HEADER_BYTES) {
    if (end - start >= 4) readPorts(packet, bytes, start);
    packet.start = end;
    packet.payloadLengthBytes = Math.max(0, packet.payloadLengthBytes - HEADER_BYTES);
    return;
  }
  readPorts(packet, bytes, start);
  const payloadStart = start + HEADER_BYTES;
  packet.start = payloadStart;
  const lengthBytes = (bytes[start + 4]! << 8) | bytes[start + 5]!;
  if (lengthBytes === 0 && packet.ipVersion === 6) {
    packet.payloadLengthBytes -= HEADER_BYTES;
    return;
  }
  const payloadBytes = lengthBytes < HEADER_BYTES ? 0 : lengthBytes - HEADER_BYTES;
  packet.payloadLengthBytes = payloadBytes;
  if (payloadBytes < end - payloadStart) packet.end = payloadStart + payloadBytes;
}

function readPorts(packet: Packet, bytes: Uint8Array, start: number): void {
  packet.srcPort = (bytes[start]! << 8) | bytes[start + 1]!;
  packet.dstPort = (bytes[start + 2]! << 8) | bytes[start + 3]!;
}
