import type { IcmpRecord } from "../../generated/icmp/record.js";
import type { Packet } from "../../runtime/plugin/index.js";
import { reasonOf } from "./reason.js";

/** What every message has: type and code, and the hop limit of the IP header before it. */
export function readHeader(record: IcmpRecord, packet: Readonly<Packet>, kind: number): void {
  const { bytes, start } = packet;
  record.kind = kind;
  record.type = bytes[start]!;
  record.code = bytes[start + 1]!;
  record.reason = reasonOf(packet.ipVersion, record.type, record.code);
  record.hopLimit = hopLimitOf(packet);
}

/** Time to live (RFC 791) or hop limit (RFC 8200) of a packet with an IP header. */
export function hopLimitOf({ bytes, networkStart, ipVersion }: Readonly<Packet>): number {
  return bytes[networkStart + (ipVersion === 4 ? 8 : 7)]!;
}
