import { EtherType } from "./ether-type.js";
import { frameHeaderEnd } from "./frame-header.js";
import { ipHeaderLayer } from "./ip-header.js";
import { labelledLayer, labelStackEnd } from "./label-stack.js";
import { Layer } from "./layer.js";
import { ieee80211PayloadStart } from "./link/ieee-802-11.js";
import { ciscoMetadataType, METADATA_BYTES } from "./link/inserted-tag.js";
import { SNAP_BYTES, snapEtherType } from "./link/llc.js";
import { nshEnd, nshLayer } from "./nsh.js";
import { pppLayer, pppPayloadStart } from "./ppp.js";

const CONTROL_WORD_BYTES = 4;
const ARP_HEADER_BYTES = 8;
/** Headers that may be between a tunnel and the packet in it. */
const MAX_HEADERS = 4;

/**
 * Whether `layer` can be decoded from these bytes up to an Ethernet frame, an IP packet or an ARP message. A tunnel that carries
 * anything else is not decoded. `lengthBytes` is their length on the wire.
 */
export function isSoundLayer(
  layer: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  lengthBytes: number,
): boolean {
  let next = layer;
  let at = start;
  for (let headers = 0; headers < MAX_HEADERS; headers++) {
    const from = at;
    switch (next) {
      case EtherType.Ipv4:
      case EtherType.Ipv6:
        return ipHeaderLayer(bytes, at, end) === next;
      case Layer.Ip:
        return ipHeaderLayer(bytes, at, end) !== Layer.End;
      case EtherType.Arp:
        return isSoundArp(bytes, at, end);
      case Layer.Ethernet:
        return isSoundFrame(bytes, at, end);
      case Layer.EthernetAfterControlWord:
        return isSoundFrame(bytes, at + CONTROL_WORD_BYTES, end);
      case EtherType.Mpls:
      case EtherType.MplsMulticast:
        at = labelStackEnd(bytes, at, end);
        return at >= 0 && labelledLayer(bytes, at, end, lengthBytes - (at - start)) !== Layer.End;
      case Layer.Ppp:
        at = pppPayloadStart(bytes, at, end);
        if (at < 0) return false;
        next = pppLayer(bytes, from, at);
        break;
      case EtherType.Nsh:
        at = nshEnd(bytes, at, end);
        if (at < 0) return false;
        next = nshLayer(bytes[from + 3]!);
        break;
      case EtherType.CiscoMetadata:
        at += METADATA_BYTES;
        if (at > end) return false;
        next = ciscoMetadataType(bytes, from);
        break;
      case Layer.Ieee80211:
        at = ieee80211PayloadStart(bytes, at, end);
        if (at < 0 || end - at < SNAP_BYTES) return false;
        next = snapEtherType(bytes, at);
        at += SNAP_BYTES;
        break;
      default:
        return false;
    }
  }
  return false;
}

/** Whether the bytes are an ARP message for IPv4 (RFC 826), addresses included. */
function isSoundArp(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < ARP_HEADER_BYTES) return false;
  const protocol = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  const operation = (bytes[start + 6]! << 8) | bytes[start + 7]!;
  const addressBytes = 2 * (bytes[start + 4]! + bytes[start + 5]!);
  const isIpv4 = protocol === EtherType.Ipv4 && bytes[start + 5] === 4;
  return isIpv4 && operation > 0 && end - start >= ARP_HEADER_BYTES + addressBytes;
}

/** Whether the bytes are a complete Ethernet header, followed by an IP header if its type states so. */
function isSoundFrame(bytes: Uint8Array, start: number, end: number): boolean {
  const at = frameHeaderEnd(bytes, start, end);
  if (at < 0) return false;
  const type = (bytes[at - 2]! << 8) | bytes[at - 1]!;
  return (type !== EtherType.Ipv4 && type !== EtherType.Ipv6) || ipHeaderLayer(bytes, at, end) === type;
}
