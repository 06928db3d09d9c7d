import { decodeLayers } from "../decode-layers.js";
import { LinkType } from "../link-type.js";
import { Packet } from "../packet.js";

/** How a frame made by hand was captured. */
export interface HexFrameOptions {
  readonly linkType?: number;
  /** Length on the wire; that of the frame unless given. */
  readonly originalLengthBytes?: number;
  readonly strippedVlanTag?: number;
}

/**
 * A decoded packet from hex digits, spaces allowed, for tests. The frame lies between bytes that belong to it no more than
 * the neighbours in a batch do, so that a read beyond its bounds shows.
 */
export function packetFromHex(hex: string, options: HexFrameOptions = {}): Packet {
  const frame = Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
  const packet = new Packet();
  packet.bytes = Uint8Array.from([...new Uint8Array(64).fill(0xee), ...frame, ...new Uint8Array(64).fill(0xee)]);
  packet.frameStart = 64;
  packet.frameEnd = 64 + frame.length;
  packet.originalLengthBytes = options.originalLengthBytes ?? frame.length;
  packet.strippedVlanTag = options.strippedVlanTag ?? 0;
  decodeLayers(packet, options.linkType ?? LinkType.Ethernet);
  return packet;
}

/** What the decoder of a packet gets, as hex digits. */
export function payloadHex(packet: Packet): string {
  return Buffer.from(packet.bytes.subarray(packet.start, packet.end)).toString("hex");
}
