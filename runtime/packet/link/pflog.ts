import { enterPayload } from "../enter-payload.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const MIN_BYTES = 28;

/**
 * OpenBSD's packet filter log (LINKTYPE_PFLOG; net/if_pflog.h): a header that begins with its length, which excludes the padding to
 * 4 bytes, then IP.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |     Length    | Address family|     Action    |     Reason    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   ~          Interface, ruleset, rules, users, direction          ~
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function decodePflog(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < MIN_BYTES || bytes[start]! < MIN_BYTES) return Layer.End;
  const packetStart = start + ((bytes[start]! + 3) & ~3);
  if (packetStart > end) return Layer.End;
  enterPayload(packet, packetStart);
  return Layer.Ip;
}
