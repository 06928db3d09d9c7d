import { enterPayload } from "../enter-payload.js";
import { decodeEtherType, isEtherType } from "../ether-type.js";
import { Layer } from "../layer.js";
import type { Packet } from "../packet.js";

/** Skips a link header of `headerBytes` whose values are not used; `layer` follows it. */
export function decodeAfterHeader(
  packet: Packet,
  start: number,
  end: number,
  headerBytes: number,
  layer: number,
): number {
  if (end - start < headerBytes) return Layer.End;
  enterPayload(packet, start + headerBytes);
  return layer;
}

/** A link header of `headerBytes` with an Ethernet type at `typeOffset`. */
export function decodeTypedHeader(
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  end: number,
  headerBytes: number,
  typeOffset: number,
): number {
  if (end - start < headerBytes) return Layer.End;
  const etherType = (bytes[start + typeOffset]! << 8) | bytes[start + typeOffset + 1]!;
  enterPayload(packet, start + headerBytes);
  return isEtherType(etherType) ? decodeEtherType(packet, bytes, start + headerBytes, end, etherType) : Layer.End;
}
