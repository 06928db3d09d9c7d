import type { Packet } from "./packet.js";

/** Passes over a header of the link layer, or one below IP: what follows begins at `start`. */
export function enterPayload(packet: Packet, start: number): void {
  packet.payloadLengthBytes = Math.max(0, packet.payloadLengthBytes - (start - packet.start));
  packet.start = start;
  packet.networkStart = start;
}
