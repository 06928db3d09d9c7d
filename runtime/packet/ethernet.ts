import { decodeEtherType } from "./ether-type.js";
import type { Packet } from "./packet.js";

const HEADER_BYTES = 14;

/** Ethernet II and IEEE 802.3 frames, tagged or not; the frame check sequence, where captured, counts as padding. */
export function decodeEthernet(packet: Packet, bytes: Uint8Array, start: number, end: number): void {
  if (end - start < HEADER_BYTES) return;
  packet.payloadLengthBytes -= HEADER_BYTES;
  if (packet.strippedVlanTag !== 0) packet.vlanId = packet.strippedVlanTag & 0xfff;
  const etherType = (bytes[start + 12]! << 8) | bytes[start + 13]!;
  decodeEtherType(packet, bytes, start + HEADER_BYTES, end, etherType, packet.strippedVlanTag === 0 ? 0 : 1);
}
