import { decodeEtherType } from "./ether-type.js";
import type { Packet } from "./packet.js";

const HEADER_BYTES = 16;
const HEADER_V2_BYTES = 20;

/** Hardware types whose protocol field is not an Ethernet type. */
const ARPHRD_FRAME_RELAY = 770;
const ARPHRD_RADIOTAP = 803;
const ARPHRD_NETLINK = 824;

/** Protocol numbers below this are Linux's own, such as 4 for IEEE 802.2 frames. */
const FIRST_ETHER_TYPE = 0x0600;

/** Linux cooked capture (LINKTYPE_LINUX_SLL): hardware type at byte 2, protocol at byte 14. */
export function decodeLinuxCooked(packet: Packet, bytes: Uint8Array, start: number, end: number): void {
  if (end - start < HEADER_BYTES) return;
  const hardwareType = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  const protocol = (bytes[start + 14]! << 8) | bytes[start + 15]!;
  decodePayload(packet, bytes, start + HEADER_BYTES, end, hardwareType, protocol);
}

/** Linux cooked capture, version 2 (LINKTYPE_LINUX_SLL2): protocol at byte 0, hardware type at byte 8. */
export function decodeLinuxCookedV2(packet: Packet, bytes: Uint8Array, start: number, end: number): void {
  if (end - start < HEADER_V2_BYTES) return;
  const protocol = (bytes[start]! << 8) | bytes[start + 1]!;
  const hardwareType = (bytes[start + 8]! << 8) | bytes[start + 9]!;
  decodePayload(packet, bytes, start + HEADER_V2_BYTES, end, hardwareType, protocol);
}

function decodePayload(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  hardwareType: number,
  protocol: number,
): void {
  packet.start = start;
  packet.networkStart = start;
  packet.payloadLengthBytes -= start - packet.frameStart;
  if (protocol < FIRST_ETHER_TYPE) return;
  if (hardwareType === ARPHRD_NETLINK || hardwareType === ARPHRD_RADIOTAP || hardwareType === ARPHRD_FRAME_RELAY)
    return;
  if (packet.strippedVlanTag !== 0) packet.vlanId = packet.strippedVlanTag & 0xfff;
  decodeEtherType(packet, bytes, start, end, protocol, packet.strippedVlanTag === 0 ? 0 : 1);
}
