import type { Packet } from "./packet.js";

/** Resets the network and transport layers of a packet, whose next layer begins at `start` and ends at `end`. */
export function resetNetwork(packet: Packet, start: number, end: number): void {
  packet.start = start;
  packet.end = end;
  packet.networkStart = start;
  packet.networkEnd = end;
  packet.etherType = 0;
  packet.ipVersion = 0;
  packet.ipProtocol = 0;
  packet.addressLength = 0;
  packet.srcAddressStart = 0;
  packet.dstAddressStart = 0;
  packet.transportStart = 0;
  packet.srcPort = 0;
  packet.dstPort = 0;
  packet.fragmentIdentification = 0;
}
