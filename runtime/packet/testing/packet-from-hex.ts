import { decodeLayers } from "../decode-layers.js";
import { LinkType } from "../link-type.js";
import { Packet } from "../packet.js";

/** Capture properties of a hand-made frame. */
export interface HexFrameOptions {
  readonly linkType?: number;
  /** Length on the wire; default: that of the frame. */
  readonly originalLengthBytes?: number;
  readonly strippedVlanTag?: number;
}

/**
 * A decoded packet from hex digits, which may contain spaces, for tests. Other bytes precede and follow the frame, as in a block, so
 * that a read beyond its bounds is detected.
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

/** The bytes that the decoder of a packet receives, as hex digits. */
export function payloadHex(packet: Packet): string {
  return Buffer.from(packet.bytes.subarray(packet.start, packet.end)).toString("hex");
}
