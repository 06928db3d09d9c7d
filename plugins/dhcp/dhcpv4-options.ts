import type { DhcpRecord } from "../../generated/dhcp/record.js";
import { uint16, uint32, writeText } from "../../runtime/plugin/index.js";
import {
  readAddress,
  readAddresses,
  readNames,
  readNumbers,
  readPartialName,
  readSeconds,
  readTexts,
  readVersion,
} from "./option-values.js";
import { readRelayInformation } from "./relay-information.js";

/** E of the client FQDN option: the name is in labels, not in ASCII (RFC 4702, section 2.1). */
const ENCODED = 0x04;
/** Type of a client id that has a DUID after it (RFC 4361, section 6.1). */
const DUID_CLIENT_ID = 255;
const UUID_BYTES = 16;
const SMBIOS_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** Reads the option of this code from `bytes[at, end)` (IANA registry "BOOTP Vendor Extensions and DHCP Options"); false where it breaks its format. */
export function readOption(record: DhcpRecord, code: number, bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  switch (code) {
    case 1:
      return readAddress(record.subnetMask, bytes, at, end);
    case 3:
      return readAddresses(record.routers, 4, bytes, at, end);
    case 6:
      return readAddresses(record.dnsServers, 4, bytes, at, end);
    case 12:
      writeText(record.hostName, bytes, at, end);
      return true;
    case 15:
      writeText(record.domainName, bytes, at, end);
      return true;
    case 26:
      if (length !== 2) return false;
      record.interfaceMtu = uint16(bytes, at);
      return true;
    case 28:
      return readAddress(record.broadcastAddress, bytes, at, end);
    case 42:
      return readAddresses(record.ntpServers, 4, bytes, at, end);
    case 43:
      record.vendorSpecific.set(bytes, at, end);
      return true;
    case 50:
      return readAddress(record.requestedAddress, bytes, at, end);
    case 51:
      record.leaseTime = readSeconds(bytes, at, end);
      return record.leaseTime !== null;
    case 52:
      if (length !== 1) return false;
      record.optionOverload = bytes[at]!;
      return true;
    case 53:
      if (length !== 1) return false;
      record.messageType = bytes[at]!;
      return true;
    case 54:
      return readAddress(record.serverId, bytes, at, end);
    case 55:
      return readNumbers(record.requestedOptions, 1, bytes, at, end);
    case 56:
      writeText(record.message, bytes, at, end);
      return true;
    case 57:
      if (length !== 2) return false;
      record.maximumMessageSize = uint16(bytes, at);
      return true;
    case 58:
      record.renewalTime = readSeconds(bytes, at, end);
      return record.renewalTime !== null;
    case 59:
      record.rebindingTime = readSeconds(bytes, at, end);
      return record.rebindingTime !== null;
    case 60:
      record.vendorClass.reset();
      writeText(record.vendorClass, bytes, at, end);
      return true;
    case 61:
      return readClientId(record, bytes, at, end);
    case 66:
      writeText(record.tftpServerName, bytes, at, end);
      return true;
    case 67:
      writeText(record.bootFileName, bytes, at, end);
      return true;
    case 77:
      return readUserClasses(record, bytes, at, end);
    case 80:
      record.rapidCommit = true;
      return length === 0;
    case 81:
      return readClientFqdn(record, bytes, at, end);
    case 82:
      return readRelayInformation(record, bytes, at, end);
    case 93:
      return readNumbers(record.clientArchitectures, 2, bytes, at, end);
    case 94:
      return readVersion(record.clientNetworkInterface, bytes, at, end);
    case 97:
      // A type, which is 0 (RFC 4578, section 2.3).
      if (length !== 1 + UUID_BYTES) return false;
      readMachineId(record, bytes, at + 1);
      return true;
    case 100:
    case 101:
      record.timeZone.reset();
      writeText(record.timeZone, bytes, at, end);
      return true;
    case 108:
      record.ipv6OnlyWait = readSeconds(bytes, at, end);
      return record.ipv6OnlyWait !== null;
    case 114:
      writeText(record.captivePortal, bytes, at, end);
      return true;
    case 119:
      return readNames(record.searchDomains, bytes, at, end);
    case 121:
      // In place of Microsoft's copy of the same.
      record.routeDestinations.reset();
      record.routeLengths.reset();
      record.routeGateways.reset();
      return readRoutes(record, bytes, at, end);
    case 249:
      return record.routeLengths.length > 0 || readRoutes(record, bytes, at, end);
    case 124:
      return readVendorClasses(record, bytes, at, end);
    case 161:
      writeText(record.mudUrl, bytes, at, end);
      return true;
    case 252:
      writeText(record.proxyAutodiscovery, bytes, at, end);
      return true;
    default:
      return true;
  }
}

/** A type, then an identifier of that type; after 255 an association id of four bytes and a DUID. */
function readClientId(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 2) return false;
  record.clientId.set(bytes, at, end);
  if (bytes[at] === DUID_CLIENT_ID && end - at >= 7) record.clientDuidType = uint16(bytes, at + 5);
  return true;
}

/** As firmware sends it: the first three fields in the byte order of SMBIOS (DMTF DSP0134, section 7.2.1), the lowest byte first. */
function readMachineId({ clientMachineId }: DhcpRecord, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < UUID_BYTES; i++) clientMachineId.push(bytes[at + SMBIOS_ORDER[i]!]!);
}

/** Flags, two result codes that are history, the name (RFC 4702, section 2). */
function readClientFqdn(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 3) return false;
  record.fqdnFlags = bytes[at]!;
  if (bytes[at]! & ENCODED) return readPartialName(record.clientFqdn, bytes, at + 3, end);
  writeText(record.clientFqdn, bytes, at + 3, end);
  return true;
}

/** Instances with lengths (RFC 3004, section 4), or the one text that many clients send there. */
function readUserClasses(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  let next = at;
  while (next < end && bytes[next]! > 0) next += 1 + bytes[next]!;
  if (next === end) return readTexts(record.userClasses, 1, bytes, at, end);
  writeText(record.userClasses.arena, bytes, at, end);
  record.userClasses.endItem();
  return true;
}

/** Prefix length, as many bytes of the destination as it needs, gateway (RFC 3442). */
function readRoutes(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  const { arena } = record.routeDestinations;
  while (at < end) {
    const prefixLength = bytes[at]!;
    const given = (prefixLength + 7) >> 3;
    const gateway = at + 1 + given;
    if (prefixLength > 32 || end - gateway < 4) return false;
    for (let i = 0; i < 4; i++) arena.push(i < given ? bytes[at + 1 + i]! : 0);
    record.routeDestinations.endItem();
    record.routeLengths.push(prefixLength);
    record.routeGateways.push(bytes, gateway, gateway + 4);
    at = gateway + 4;
  }
  return true;
}

/** Enterprise number, length, class; more of them may follow (RFC 3925, section 3). An option 60 goes before. */
function readVendorClasses(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 5 || at + 5 + bytes[at + 4]! > end) return false;
  record.vendorEnterprise = uint32(bytes, at);
  if (!record.vendorClass.isPresent) writeText(record.vendorClass, bytes, at + 5, at + 5 + bytes[at + 4]!);
  return true;
}
