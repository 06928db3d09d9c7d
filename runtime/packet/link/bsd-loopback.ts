import { enterPayload } from "../enter-payload.js";
import { EtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const HEADER_BYTES = 4;
const AF_INET = 2;

/**
 * BSD loopback frames: an address family, in the byte order of the capturing host (LINKTYPE_NULL) or in network byte order
 * (LINKTYPE_LOOP). Families are below 256, so the only byte that is not 0 is the family in either order.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                         Address family                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodeBsdLoopback(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < HEADER_BYTES || bytes[start + 1] !== 0 || bytes[start + 2] !== 0) return Layer.End;
  const family = bytes[start]! | bytes[start + 3]!;
  enterPayload(packet, start + HEADER_BYTES);
  if (family === AF_INET) return EtherType.Ipv4;
  return isInet6(family) ? EtherType.Ipv6 : Layer.End;
}

/** AF_INET6 of Linux, of NetBSD and OpenBSD, of FreeBSD, and of macOS. */
function isInet6(family: number): boolean {
  return family === 10 || family === 24 || family === 28 || family === 30;
}
