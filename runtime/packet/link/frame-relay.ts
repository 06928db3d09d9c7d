import { enterPayload } from "../enter-payload.js";
import { decodeEtherType, isEtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";
import { decodeNlpid } from "./llc.js";

const MAX_ADDRESS_BYTES = 4;
const UNNUMBERED_INFORMATION = 3;
const PAD = 0;

/** Frame relay: an address of 2 to 4 bytes (Q.922), then RFC 2427's encapsulation or Cisco's, an Ethernet type. */
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
