import { enterPayload } from "../enter-payload.js";
import { decodeEtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const ADDRESSES_BYTES = 12;
const TAG_BYTES = 4;
const TYPE_BYTES = 2;
/** Bit of the tag's first byte: its last 12 bits are a VLAN id that took the place of the VLAN tag. */
const TAGGED = 0x20;

/**
 * Ethernet with the tag of a Marvell switch chip after the addresses, and in front of it the Ethernet type and padding of its own that
 * some chips have, of `prefixBytes` (LINKTYPE_DSA_TAG_DSA and LINKTYPE_DSA_TAG_EDSA).
 */
export function decodeDsa(packet: Packet, bytes: Uint8Array, start: number, end: number, prefixBytes: number): number {
  const tag = start + ADDRESSES_BYTES + prefixBytes;
  const payloadStart = tag + TAG_BYTES + TYPE_BYTES;
  if (payloadStart > end) return Layer.End;
  if ((bytes[tag]! & TAGGED) !== 0) {
    packet.vlanId = ((bytes[tag + 2]! & 15) << 8) | bytes[tag + 3]!;
    packet.vlanTags = 1;
  }
  enterPayload(packet, payloadStart);
  const etherType = (bytes[payloadStart - 2]! << 8) | bytes[payloadStart - 1]!;
  return decodeEtherType(packet, bytes, payloadStart, end, etherType);
}
