import { decodeCutPorts } from "./cut-ports.js";
import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

const HEADER_BYTES = 20;
const END = Layer.End;

/** TCP with options (RFC 9293). A data offset that lies, or a header that is cut, leaves an empty payload. */
export function decodeTcp(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return decodeCutPorts(packet, bytes, start, end, HEADER_BYTES);
  packet.srcPort = (bytes[start]! << 8) | bytes[start + 1]!;
  packet.dstPort = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  packet.tcpSequence =
    ((bytes[start + 4]! << 24) | (bytes[start + 5]! << 16) | (bytes[start + 6]! << 8) | bytes[start + 7]!) >>> 0;
  packet.tcpAcknowledgement =
    ((bytes[start + 8]! << 24) | (bytes[start + 9]! << 16) | (bytes[start + 10]! << 8) | bytes[start + 11]!) >>> 0;
  packet.tcpFlags = ((bytes[start + 12]! & 1) << 8) | bytes[start + 13]!;
  packet.tcpWindow = (bytes[start + 14]! << 8) | bytes[start + 15]!;
  const headerBytes = (bytes[start + 12]! >> 4) << 2;
  if (headerBytes < HEADER_BYTES || headerBytes > packet.payloadLengthBytes) {
    packet.start = end;
    packet.payloadLengthBytes = 0;
    return END;
  }
  packet.start = headerBytes < end - start ? start + headerBytes : end;
  packet.payloadLengthBytes -= headerBytes;
  return END;
}
