import { decodeCutPorts } from "./cut-ports.js";
import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

const HEADER_BYTES = 20;
const END = Layer.End;

/**
 * TCP with options (RFC 9293, section 3.1). An invalid data offset or a truncated header results in an empty payload.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |          Source Port          |        Destination Port       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                        Sequence Number                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                     Acknowledgment Number                     |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   | Offset| Rsrvd |C|E|U|A|P|R|S|F|             Window            |
 *   |       |       |W|C|R|C|S|S|Y|I|                               |
 *   |       |       |R|E|G|K|H|T|N|N|                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |            Checksum           |         Urgent Pointer        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                    Options (0 to 40 bytes)                    ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * The lowest reserved bit is the ninth flag of `tcpFlags`: NS (RFC 3540), now historic.
 */
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
