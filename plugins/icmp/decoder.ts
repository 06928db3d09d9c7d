import { Kind } from "../../generated/icmp/icmp_enums.js";
import type { IcmpRecord } from "../../generated/icmp/record.js";
import { type FrameDecoder, IpProtocol, type Output, type Packet, Verdict } from "../../runtime/plugin/index.js";
import { readError } from "./error-message.js";
import { readHeader } from "./message-header.js";
import { ICMP_KINDS, ICMPV6_KINDS } from "./message-kind.js";
import { listenerMessageBytes, readListenerMessage } from "./multicast-listener.js";
import { neighborMessageBytes, readRouterMessage, takeAdvertisement, takeSolicitation } from "./neighbor-discovery.js";
import { emitReply, holdQuery, isQuery, isReply } from "./query.js";
import { readIpv4Routers } from "./router-discovery.js";

/** Type, code and checksum, which is not looked at. */
const HEADER_BYTES = 4;
/** What every message with a kind has at least. */
const QUERY_BYTES = 8;

/**
 * ICMP over IPv4 and ICMPv6 over IPv6.
 *
 * A message that is whole up to its options, records or extensions becomes a row. Where these break, it is `malformed`, counted as
 * such, and a row all the same; one that the capture truncated there is accepted.
 */
export const decodeFrame: FrameDecoder<IcmpRecord> = (packet, out) => {
  const { bytes, start, end, ipVersion, isTruncated } = packet;
  if ((ipVersion === 4) !== (packet.ipProtocol === IpProtocol.Icmp)) return Verdict.NotMine;
  const lengthBytes = end - start;
  if (lengthBytes < HEADER_BYTES) return isTruncated ? Verdict.Truncated : Verdict.Malformed;
  const type = bytes[start]!;
  const kind = (ipVersion === 4 ? ICMP_KINDS : ICMPV6_KINDS)[type]!;
  if (kind !== Kind.UNSPECIFIED && lengthBytes < fewestBytes(ipVersion, kind, type)) {
    return isTruncated ? Verdict.Truncated : Verdict.Malformed;
  }
  if (decodeMessage(packet, kind, type, out) || isTruncated) return Verdict.Accepted;
  return Verdict.Malformed;
};

function fewestBytes(ipVersion: number, kind: number, type: number): number {
  if (kind >= Kind.MULTICAST_QUERY) return listenerMessageBytes(type);
  const isNeighborDiscovery = ipVersion === 6 && kind >= Kind.REDIRECT;
  return isNeighborDiscovery ? neighborMessageBytes(kind) : QUERY_BYTES;
}

/** Makes the message a row, or holds it; false if it breaks its format. */
function decodeMessage(packet: Readonly<Packet>, kind: number, type: number, out: Output<IcmpRecord>): boolean {
  const { ipVersion } = packet;
  if (isQuery(kind)) {
    if (!isReply(ipVersion, type)) return holdQuery(packet, kind, out);
    emitReply(packet, kind, out);
    return true;
  }
  if (kind === Kind.NEIGHBOR_SOLICITATION) return takeSolicitation(packet, out);
  if (kind === Kind.NEIGHBOR_ADVERTISEMENT) return takeAdvertisement(packet, out);
  const { record } = out;
  readHeader(record, packet, kind);
  const isWhole = readBody(record, packet);
  record.malformed = !isWhole && !packet.isTruncated;
  out.emit();
  return isWhole;
}

function readBody(record: IcmpRecord, packet: Readonly<Packet>): boolean {
  switch (record.kind) {
    case Kind.UNSPECIFIED:
      return true;
    case Kind.ROUTER_SOLICITATION:
    case Kind.ROUTER_ADVERTISEMENT:
      return packet.ipVersion === 4 ? readIpv4Routers(record, packet) : readRouterMessage(record, packet);
    case Kind.REDIRECT:
      return packet.ipVersion === 4 ? readError(record, packet) : readRouterMessage(record, packet);
    case Kind.MULTICAST_QUERY:
    case Kind.MULTICAST_REPORT:
    case Kind.MULTICAST_DONE:
      return readListenerMessage(record, packet);
    default:
      return readError(record, packet);
  }
}
