import { enterPayload } from "../enter-payload.js";
import { decodeEtherType, isEtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

/**
 * A tag that switches put in front of the Ethernet type, of `tagBytes` without that type: Cisco's metadata and VN-tag, the tag of
 * High-availability Seamless Redundancy (IEC 62439-3).
 */
export function decodeInsertedTag(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  tagBytes: number,
): number {
  const payloadStart = start + tagBytes + 2;
  if (payloadStart > end) return Layer.End;
  enterPayload(packet, payloadStart);
  const etherType = (bytes[payloadStart - 2]! << 8) | bytes[payloadStart - 1]!;
  return isEtherType(etherType) ? decodeEtherType(packet, bytes, payloadStart, end, etherType) : Layer.End;
}

/** Arista's timestamp: subtype 1, then version 1 with 32 bits of seconds or version 2 with 16, then nanoseconds. */
export function decodeArista(packet: Packet, bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 4 || bytes[start] !== 0 || bytes[start + 1] !== 1 || bytes[start + 2] !== 0) return Layer.End;
  if (bytes[start + 3] === 0x10) return decodeInsertedTag(packet, bytes, start, end, 12);
  return bytes[start + 3] === 0x20 ? decodeInsertedTag(packet, bytes, start, end, 10) : Layer.End;
}
