import { decodeIpv4 } from "./ipv4.js";
import { decodeIpv6 } from "./ipv6.js";
import type { Packet } from "./packet.js";

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN = 0x8100;
const PROVIDER_VLAN = 0x88a8;
const OLD_STACKED_VLAN = 0x9100;

/** Below this an Ethernet type is the length of an IEEE 802.3 frame, or nothing at all (IEEE 802.3, 3.2.6). */
const FIRST_ETHER_TYPE = 0x0600;
const LONGEST_802_3_BYTES = 1500;

/**
 * What follows an Ethernet type: IEEE 802.1Q, 802.1ad and 0x9100 tags, then IPv4, IPv6 or a payload for a decoder.
 * `tags` is how many tags were seen before `start`.
 */
export function decodeEtherType(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  etherType: number,
  tags: number,
): void {
  let at = start;
  let type = etherType;
  while ((type === VLAN || type === PROVIDER_VLAN || type === OLD_STACKED_VLAN) && end - at >= 4) {
    const id = ((bytes[at]! << 8) | bytes[at + 1]!) & 0xfff;
    if (tags === 0) packet.vlanId = id;
    else if (tags === 1) packet.innerVlanId = id;
    tags++;
    type = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    at += 4;
    packet.payloadLengthBytes -= 4;
  }
  packet.start = at;
  packet.networkStart = at;
  if (type < FIRST_ETHER_TYPE) {
    if (type > LONGEST_802_3_BYTES) return;
    packet.payloadLengthBytes = type;
    if (type < end - at) packet.end = at + type;
    packet.networkEnd = packet.end;
    return;
  }
  packet.etherType = type;
  if (type === IPV4) decodeIpv4(packet, bytes, at, end);
  else if (type === IPV6) decodeIpv6(packet, bytes, at, end);
}
