import { EtherType } from "./ether-type.js";
import { Layer } from "./layer.js";

const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;

/**
 * The layer of the IP header at `start`, `EtherType.Ipv4` or `EtherType.Ipv6`, or `Layer.End` if the header is truncated,
 * has another version, or has invalid lengths. A header that passes is decoded as IP.
 */
export function ipHeaderLayer(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < IPV4_HEADER_BYTES) return Layer.End;
  const version = bytes[start]! >> 4;
  if (version === 6) return end - start < IPV6_HEADER_BYTES ? Layer.End : EtherType.Ipv6;
  if (version !== 4) return Layer.End;
  const headerBytes = (bytes[start]! & 15) << 2;
  const totalBytes = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  return headerBytes < IPV4_HEADER_BYTES || (totalBytes !== 0 && totalBytes < headerBytes) ? Layer.End : EtherType.Ipv4;
}

/** Length of the whole packet that the header of {@link ipHeaderLayer} states; the header's length if offload left a 0. */
export function ipPacketBytes(bytes: Uint8Array, start: number, layer: number): number {
  if (layer === EtherType.Ipv4) return (bytes[start + 2]! << 8) | bytes[start + 3]! || IPV4_HEADER_BYTES;
  return IPV6_HEADER_BYTES + ((bytes[start + 4]! << 8) | bytes[start + 5]!);
}

/** As {@link ipHeaderLayer}, for bytes that may be something else: the packet's own length field must state exactly `lengthBytes`. */
export function exactIpLayer(bytes: Uint8Array, start: number, end: number, lengthBytes: number): number {
  const layer = ipHeaderLayer(bytes, start, end);
  return layer !== Layer.End && ipPacketBytes(bytes, start, layer) === lengthBytes ? layer : Layer.End;
}

/** As {@link exactIpLayer}, but bytes may follow the packet: padding or a trailer. */
export function boundedIpLayer(bytes: Uint8Array, start: number, end: number, lengthBytes: number): number {
  const layer = ipHeaderLayer(bytes, start, end);
  return layer !== Layer.End && ipPacketBytes(bytes, start, layer) <= lengthBytes ? layer : Layer.End;
}
