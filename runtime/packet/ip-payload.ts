import type { Packet } from "./packet.js";
import { walkLayers } from "./walk-layers.js";

/**
 * Decodes what follows the IP headers, tunnels included. `decodeLayers` does so by itself; this is for an IP payload that is put together
 * from fragments: `packet` then tells of its IP header, `packet.bytes` is `bytes`, the fragment fields say that it is none, and
 * `packet.payloadLengthBytes` is the payload's length.
 */
export function decodeIpPayload(packet: Packet, bytes: Uint8Array, start: number, end: number, protocol: number): void {
  packet.ipProtocol = protocol;
  packet.start = start;
  packet.end = end;
  packet.transportStart = start;
  walkLayers(packet, bytes, protocol);
}
