import type { Packet } from "./packet.js";

/**
 * Decodes the layer in `bytes[start, end)`, which are `packet.start` to `packet.end`, and returns the layer inside it, a number of
 * {@link Layer}; `Layer.End` where the bytes are not that layer, or nothing inside is decoded. What it found is in the packet then.
 */
export type LayerDecoder = (packet: Packet, bytes: Uint8Array, start: number, end: number) => number;
