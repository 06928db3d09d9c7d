import { EtherType } from "./ether-type.js";
import { Layer } from "./layer.js";
import type { Packet } from "./packet.js";

const HEADER_BYTES = 20;
const END = Layer.End;
const IPV6 = EtherType.Ipv6;

/**
 * IPv4 with options and fragments (RFC 791, section 3.1); returns the protocol that follows. With a total length of 0, as segmentation
 * offload leaves it, the packet ends at the captured end. An IPv6 header in its place is decoded as IPv6.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Version|  IHL  |Type of Service|          Total Length         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Identification        |Flags|     Fragment Offset     |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Time to Live |    Protocol   |        Header Checksum        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                         Source Address                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                      Destination Address                      |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~                    Options (0 to 40 bytes)                    ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeIpv4(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES) return END;
  const versionAndLength = bytes[start]!;
  const headerBytes = (versionAndLength & 15) << 2;
  if (versionAndLength >> 4 !== 4) return versionAndLength >> 4 === 6 ? IPV6 : END;
  if (headerBytes < HEADER_BYTES) return END;
  let totalBytes = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  if (totalBytes === 0) totalBytes = packet.payloadLengthBytes;
  if (totalBytes < headerBytes) return END;

  const networkEnd = totalBytes < end - start ? start + totalBytes : end;
  const payloadStart = headerBytes < networkEnd - start ? start + headerBytes : networkEnd;
  const protocol = bytes[start + 9]!;
  packet.ipVersion = 4;
  packet.ipProtocol = protocol;
  packet.addressLength = 4;
  packet.networkStart = start;
  packet.networkEnd = networkEnd;
  packet.srcAddressStart = start + 12;
  packet.dstAddressStart = start + 16;
  packet.start = payloadStart;
  packet.end = networkEnd;
  packet.transportStart = payloadStart;
  packet.payloadLengthBytes = totalBytes - headerBytes;

  const fragment = (bytes[start + 6]! << 8) | bytes[start + 7]!;
  if ((fragment & 0x3fff) !== 0) {
    packet.isFragment = true;
    packet.hasMoreFragments = (fragment & 0x2000) !== 0;
    packet.fragmentOffset = (fragment & 0x1fff) << 3;
    packet.fragmentIdentification = (bytes[start + 4]! << 8) | bytes[start + 5]!;
    packet.fragmentStart = payloadStart;
    packet.fragmentProtocol = protocol;
    if (packet.fragmentOffset !== 0) return END;
  }
  return protocol;
}
