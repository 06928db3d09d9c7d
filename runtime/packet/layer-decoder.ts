import type { Packet } from "./packet.js";

/**
 * Decodes the layer in `bytes[start, end)`, which are `packet.start` to `packet.end`, and returns the layer inside it, a number of
 * {@link Layer}; `Layer.End` if the bytes are not that layer, or if nothing inside it is decoded. The packet then has the values found.
 */
export type LayerDecoder = (packet: Packet, bytes: Uint8Array, start: number, end: number) => number;
