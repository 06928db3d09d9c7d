import { EtherType } from "./ether-type.js";
import { frameHeaderEnd } from "./frame-header.js";
import { ipHeaderLayer, ipPacketBytes } from "./ip-header.js";

/** Shortest payload of a frame, to which Ethernet pads, and length of its frame check sequence. */
const MAX_PADDED_BYTES = 46 + 4;
const FRAME_CHECK_BYTES = 4;
const ARP_BYTES = 28;
const LLC_BYTES = 3;

/**
 * Whether bytes are very likely an Ethernet frame: IP whose length fits the frame's, ARP, a spanning tree message
 * or SNAP. For places where only the bytes show what they are; `lengthBytes` is their length on the wire.
 */
export function isLikelyFrame(bytes: Uint8Array, start: number, end: number, lengthBytes: number): boolean {
  const at = frameHeaderEnd(bytes, start, end);
  if (at < 0 || end - at < LLC_BYTES) return false;
  const type = (bytes[at - 2]! << 8) | bytes[at - 1]!;
  const payloadBytes = lengthBytes - (at - start);
  if (type === EtherType.Ipv4 || type === EtherType.Ipv6) {
    if (ipHeaderLayer(bytes, at, end) !== type) return false;
    const packetBytes = ipPacketBytes(bytes, at, type);
    return (
      packetBytes <= payloadBytes &&
      (payloadBytes <= MAX_PADDED_BYTES || packetBytes >= payloadBytes - FRAME_CHECK_BYTES)
    );
  }
  if (type === EtherType.Arp) {
    // Ethernet addresses for IPv4 ones (RFC 826).
    return payloadBytes >= ARP_BYTES && bytes[at] === 0 && bytes[at + 1] === 1 && bytes[at + 2] === 8;
  }
  return type <= payloadBytes && isSpanningTreeOrSnap(bytes, at);
}

function isSpanningTreeOrSnap(bytes: Uint8Array, at: number): boolean {
  const accessPoint = bytes[at]!;
  return (accessPoint === 0x42 || accessPoint === 0xaa) && bytes[at + 1] === accessPoint && bytes[at + 2] === 3;
}
