import type { Packet } from "./packet.js";

/** Skips a header of the link layer, or another one below IP: the next layer begins at `start`. */
export function enterPayload(packet: Packet, start: number): void {
  packet.payloadLengthBytes = Math.max(0, packet.payloadLengthBytes - (start - packet.start));
  packet.start = start;
  packet.networkStart = start;
}
