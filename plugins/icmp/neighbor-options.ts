import { Kind } from "../../generated/icmp/icmp_enums.js";
import type { IcmpRecord } from "../../generated/icmp/record.js";
import { uint32, writeName, writeText } from "../../runtime/plugin/index.js";
import { readQuotedPacket } from "./quoted-packet.js";

/** IANA registry "IPv6 Neighbor Discovery Option Formats". */
const SOURCE_LINK_LAYER_ADDRESS = 1;
const TARGET_LINK_LAYER_ADDRESS = 2;
const PREFIX_INFORMATION = 3;
const REDIRECTED_HEADER = 4;
const MTU = 5;
const NONCE = 14;
const ROUTE_INFORMATION = 24;
const RECURSIVE_DNS_SERVERS = 25;
const DNS_SEARCH_LIST = 31;
const CAPTIVE_PORTAL = 37;
const PREF64 = 38;

const ADDRESS_BYTES = 16;
/** A link-layer address option of Ethernet; other links have longer ones. */
const ETHERNET_OPTION_BYTES = 8;
const PREFIX_OPTION_BYTES = 32;
const PREF64_OPTION_BYTES = 16;
/** By the prefix length code (RFC 8781, section 4). */
const PREF64_LENGTHS = [96, 64, 56, 48, 40, 32];

/** An address of which an option carries the first bytes only. */
const address = new Uint8Array(ADDRESS_BYTES);

/**
 * Reads the options of a neighbour discovery message in `bytes[at, end)` (RFC 4861, section 4.6): type, length in units of eight
 * bytes, value. False if one is incomplete; those before it are read.
 */
export function readOptions(record: IcmpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  while (at < end) {
    if (end - at < 2) return false;
    const next = at + (bytes[at + 1]! << 3);
    if (next === at || next > end) return false;
    readOption(record, bytes, at, next);
    at = next;
  }
  return true;
}

function readOption(record: IcmpRecord, bytes: Uint8Array, at: number, next: number): void {
  switch (bytes[at]) {
    case SOURCE_LINK_LAYER_ADDRESS:
      if (next - at === ETHERNET_OPTION_BYTES) record.sourceMac.set(bytes, at + 2, next);
      return;
    case TARGET_LINK_LAYER_ADDRESS:
      if (next - at === ETHERNET_OPTION_BYTES) record.targetMac.set(bytes, at + 2, next);
      return;
    case PREFIX_INFORMATION:
      if (next - at === PREFIX_OPTION_BYTES) readPrefix(record, bytes, at);
      return;
    case REDIRECTED_HEADER:
      if (record.kind === Kind.REDIRECT) readQuotedPacket(record, bytes, at + 8, next);
      return;
    case MTU:
      if (next - at === 8) record.mtu = uint32(bytes, at + 4);
      return;
    case NONCE:
      record.nonce.set(bytes, at + 2, next);
      return;
    case ROUTE_INFORMATION:
      readRoute(record, bytes, at, next);
      return;
    case RECURSIVE_DNS_SERVERS:
      record.dnsServersLifetime ??= uint32(bytes, at + 4) * 1e9;
      for (let server = at + 8; next - server >= ADDRESS_BYTES; server += ADDRESS_BYTES)
        record.dnsServers.push(bytes, server, server + ADDRESS_BYTES);
      return;
    case DNS_SEARCH_LIST:
      readSearchDomains(record, bytes, at, next);
      return;
    case CAPTIVE_PORTAL:
      writeText(record.captivePortal, bytes, at + 2, next);
      return;
    case PREF64:
      if (next - at === PREF64_OPTION_BYTES) readPref64(record, bytes, at);
      return;
  }
}

/** RFC 4861, section 4.6.2. */
function readPrefix(record: IcmpRecord, bytes: Uint8Array, at: number): void {
  record.prefixes.push(bytes, at + 16, at + PREFIX_OPTION_BYTES);
  record.prefixLengths.push(bytes[at + 2]!);
  record.prefixFlags.push(bytes[at + 3]!);
  record.prefixValidLifetimes.push(uint32(bytes, at + 4));
  record.prefixPreferredLifetimes.push(uint32(bytes, at + 8));
}

/** RFC 4191, section 2.3: as much of the prefix as its length needs. */
function readRoute(record: IcmpRecord, bytes: Uint8Array, at: number, next: number): void {
  const given = Math.min(next - at - 8, ADDRESS_BYTES);
  for (let i = 0; i < ADDRESS_BYTES; i++) address[i] = i < given ? bytes[at + 8 + i]! : 0;
  record.routes.push(address, 0, ADDRESS_BYTES);
  record.routeLengths.push(bytes[at + 2]!);
  record.routePreferences.push((bytes[at + 3]! >> 3) & 3);
  record.routeLifetimes.push(uint32(bytes, at + 4));
}

/** RFC 8106, section 5.2: names without compression, zeros after them. */
function readSearchDomains(record: IcmpRecord, bytes: Uint8Array, at: number, next: number): void {
  record.searchDomainsLifetime ??= uint32(bytes, at + 4) * 1e9;
  const { searchDomains } = record;
  for (let name = at + 8; name < next && bytes[name] !== 0; ) {
    // A message that begins with the name: no pointer of it can lead anywhere.
    name = writeName(searchDomains.arena, bytes, name, name, next);
    if (name === -1) return;
    searchDomains.endItem();
  }
}

function readPref64(record: IcmpRecord, bytes: Uint8Array, at: number): void {
  const length = PREF64_LENGTHS[bytes[at + 3]! & 7];
  if (length === undefined) return;
  for (let i = 0; i < ADDRESS_BYTES; i++) address[i] = i < 12 ? bytes[at + 4 + i]! : 0;
  record.nat64Prefix.set(address, 0, ADDRESS_BYTES);
  record.nat64PrefixLength = length;
}
