import { enterPayload } from "../enter-payload.js";
import { decodeEtherType, isEtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";
import { decodeNlpid } from "./llc.js";

const MAX_ADDRESS_BYTES = 4;
const UNNUMBERED_INFORMATION = 3;
const PAD = 0;

/**
 * Frame relay: an address of 2 to 4 bytes, whose last byte has its lowest bit set (ITU-T Q.922), then the encapsulation of RFC 2427,
 * section 3, or Cisco's, an Ethernet type. With an address of 2 bytes and the RFC's encapsulation:
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |    DLCI   |C|0|  DLCI |F|B|D|1|  Control 0x03 |     NLPID     |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * C is command or response, F and B congestion forward and backward, D discard eligibility. A pad of 0 may precede the NLPID.
 */
export function decodeFrameRelay(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  // The last byte of the address has its lowest bit set.
  while (at < end && (bytes[at]! & 1) === 0) at++;
  at++;
  if (at - start < 2 || at - start > MAX_ADDRESS_BYTES || end - at < 2) return Layer.End;
  enterPayload(packet, at);
  if (bytes[at] === UNNUMBERED_INFORMATION) {
    const hasPad = bytes[at + 1] === PAD;
    return decodeNlpid(packet, bytes, at + (hasPad ? 2 : 1), end, Layer.Ethernet);
  }
  const etherType = (bytes[at]! << 8) | bytes[at + 1]!;
  if (!isEtherType(etherType)) return Layer.End;
  enterPayload(packet, at + 2);
  return decodeEtherType(packet, bytes, at + 2, end, etherType);
}
