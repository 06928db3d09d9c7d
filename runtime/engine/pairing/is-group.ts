import type { Packet } from "../../packet/packet.js";

/** Whether several hosts may answer for a destination: multicast, and broadcast as far as its address or its frame shows. */
export function isGroup({ bytes, dstAddressStart, addressLength, isLinkGroup }: Readonly<Packet>): boolean {
  if (addressLength === 16) return bytes[dstAddressStart] === 0xff;
  if (addressLength !== 4) return false;
  return isLinkGroup || bytes[dstAddressStart]! >= 0xe0 || bytes[dstAddressStart + 3] === 0xff;
}
