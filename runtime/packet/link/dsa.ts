import { enterPayload } from "../enter-payload.js";
import { decodeEtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

const ADDRESSES_BYTES = 12;
const TAG_BYTES = 4;
const TYPE_BYTES = 2;
/** Bit of the tag's first byte: its last 12 bits are the VLAN id of a replaced VLAN tag. */
const TAGGED = 0x20;

/**
 * Ethernet with the tag of a Marvell switch chip after the addresses (LINKTYPE_DSA_TAG_DSA and LINKTYPE_DSA_TAG_EDSA; the kernel's
 * net/dsa/tag_dsa.c). Some chips put an Ethernet type and padding of `prefixBytes` before the tag.
 *
 * ```
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                      Destination address                      |
 *   +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                               |                               |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *   |                         Source address                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Cmd|T|  Device |   Port  |Flags| PCP |R|    VLAN Identifier    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Ethernet type         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * T: the frame had a VLAN tag, whose identifier is now in this one.
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
