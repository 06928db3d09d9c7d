import type { IcmpRecord } from "../../generated/icmp/record.js";
import { decodeLayers, IpProtocol, LinkType, Packet, uint16, writeCommunityId } from "../../runtime/plugin/index.js";
import { hopLimitOf } from "./message-header.js";
import { ICMP_KINDS, ICMPV6_KINDS } from "./message-kind.js";
import { isQuery } from "./query.js";

const IPV6_HEADER_BYTES = 40;

/** Filled again by each call. */
const quoted = new Packet();

/**
 * Reads the packet that a message quotes in `bytes[start, end)`: its IP header and at least eight bytes of what follows
 * (RFC 792), which have the ports of any transport. Less than an IP header leaves the record as it is.
 */
export function readQuotedPacket(record: IcmpRecord, bytes: Uint8Array, start: number, end: number): void {
  quoted.bytes = bytes;
  quoted.frameStart = start;
  quoted.frameEnd = end;
  quoted.originalLengthBytes = end - start;
  decodeLayers(quoted, LinkType.Raw);
  const { networkStart, addressLength, srcAddressStart, dstAddressStart } = quoted;
  if (addressLength === 0) return;
  record.innerSrcAddress.set(bytes, srcAddressStart, srcAddressStart + addressLength);
  record.innerDstAddress.set(bytes, dstAddressStart, dstAddressStart + addressLength);
  record.innerTransport = quoted.ipProtocol;
  record.innerHopLimit = hopLimitOf(quoted);
  record.innerLength =
    quoted.ipVersion === 4 ? uint16(bytes, networkStart + 2) : uint16(bytes, networkStart + 4) + IPV6_HEADER_BYTES;
  const portBytes = quotedPortBytes();
  if (quoted.networkEnd - quoted.transportStart < portBytes) return;
  writeCommunityId(quoted, record.innerCommunityId);
  if (portBytes === 0) return;
  record.innerSrcPort = quoted.srcPort;
  record.innerDstPort = quoted.dstPort;
  readQuotedQuery(record);
}

/** Bytes after the IP headers that have the ports, or type and code, which belong to the conversation; 0 if none do. */
function quotedPortBytes(): number {
  if (quoted.fragmentOffset !== 0) return 0;
  switch (quoted.ipProtocol) {
    case IpProtocol.Tcp:
    case IpProtocol.Udp:
    case IpProtocol.Sctp:
      return 4;
    case IpProtocol.Icmp:
    case IpProtocol.Icmpv6:
      return 2;
    default:
      return 0;
  }
}

function readQuotedQuery(record: IcmpRecord): void {
  const { bytes, transportStart, ipProtocol } = quoted;
  if (quoted.networkEnd - transportStart < 8) return;
  const kinds =
    ipProtocol === IpProtocol.Icmp ? ICMP_KINDS : ipProtocol === IpProtocol.Icmpv6 ? ICMPV6_KINDS : undefined;
  if (kinds === undefined || !isQuery(kinds[bytes[transportStart]!]!)) return;
  record.innerIdentifier = uint16(bytes, transportStart + 4);
  record.innerSequenceNumber = uint16(bytes, transportStart + 6);
}
