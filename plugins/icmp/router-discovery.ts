import { Kind } from "../../generated/icmp/icmp_enums.js";
import type { IcmpRecord } from "../../generated/icmp/record.js";
import { type Packet, uint16, uint32 } from "../../runtime/plugin/index.js";

/** Type, code, checksum, number of addresses, words of each entry, lifetime. */
const HEADER_BYTES = 8;
/** An address and how much it is preferred. */
const ENTRY_BYTES = 8;

/** Reads an IPv4 router solicitation or advertisement (RFC 1256, section 3); false if the addresses are incomplete. */
export function readIpv4Routers(record: IcmpRecord, { bytes, start, end }: Readonly<Packet>): boolean {
  if (record.kind === Kind.ROUTER_SOLICITATION) return true;
  record.routerLifetime = uint16(bytes, start + 6) * 1e9;
  const entryBytes = bytes[start + 5]! << 2;
  if (entryBytes < ENTRY_BYTES) return false;
  let at = start + HEADER_BYTES;
  for (let left = bytes[start + 4]!; left > 0; left--) {
    if (end - at < entryBytes) return false;
    record.routerAddresses.push(bytes, at, at + 4);
    record.routerPreferences.push(uint32(bytes, at + 4) | 0);
    at += entryBytes;
  }
  return true;
}
