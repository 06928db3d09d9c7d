import type { DhcpRecord } from "../../generated/dhcp/record.js";
import { uint16, uint32, writeText } from "../../runtime/plugin/index.js";
import { Dhcpv4Option } from "./dhcpv4-option-codes.js";
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

/** Reads the option of this code from `bytes[at, end)`; false if it breaks the format. */
export function readOption(record: DhcpRecord, code: number, bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  switch (code) {
    case Dhcpv4Option.SUBNET_MASK:
      return readAddress(record.subnetMask, bytes, at, end);
    case Dhcpv4Option.ROUTER:
      return readAddresses(record.routers, 4, bytes, at, end);
    case Dhcpv4Option.DOMAIN_NAME_SERVER:
      return readAddresses(record.dnsServers, 4, bytes, at, end);
    case Dhcpv4Option.HOST_NAME:
      writeText(record.hostName, bytes, at, end);
      return true;
    case Dhcpv4Option.DOMAIN_NAME:
      writeText(record.domainName, bytes, at, end);
      return true;
    case Dhcpv4Option.INTERFACE_MTU:
      if (length !== 2) return false;
      record.interfaceMtu = uint16(bytes, at);
      return true;
    case Dhcpv4Option.BROADCAST_ADDRESS:
      return readAddress(record.broadcastAddress, bytes, at, end);
    case Dhcpv4Option.NTP_SERVERS:
      return readAddresses(record.ntpServers, 4, bytes, at, end);
    case Dhcpv4Option.VENDOR_SPECIFIC_INFORMATION:
      record.vendorSpecific.set(bytes, at, end);
      return true;
    case Dhcpv4Option.REQUESTED_IP_ADDRESS:
      return readAddress(record.requestedAddress, bytes, at, end);
    case Dhcpv4Option.IP_ADDRESS_LEASE_TIME:
      record.leaseTime = readSeconds(bytes, at, end);
      return record.leaseTime !== null;
    case Dhcpv4Option.OPTION_OVERLOAD:
      if (length !== 1) return false;
      record.optionOverload = bytes[at]!;
      return true;
    case Dhcpv4Option.DHCP_MESSAGE_TYPE:
      if (length !== 1) return false;
      record.messageType = bytes[at]!;
      return true;
    case Dhcpv4Option.SERVER_IDENTIFIER:
      return readAddress(record.serverId, bytes, at, end);
    case Dhcpv4Option.PARAMETER_REQUEST_LIST:
      return readNumbers(record.requestedOptions, 1, bytes, at, end);
    case Dhcpv4Option.MESSAGE:
      writeText(record.message, bytes, at, end);
      return true;
    case Dhcpv4Option.MAXIMUM_DHCP_MESSAGE_SIZE:
      if (length !== 2) return false;
      record.maximumMessageSize = uint16(bytes, at);
      return true;
    case Dhcpv4Option.RENEWAL_TIME:
      record.renewalTime = readSeconds(bytes, at, end);
      return record.renewalTime !== null;
    case Dhcpv4Option.REBINDING_TIME:
      record.rebindingTime = readSeconds(bytes, at, end);
      return record.rebindingTime !== null;
    case Dhcpv4Option.VENDOR_CLASS_IDENTIFIER:
      record.vendorClass.reset();
      writeText(record.vendorClass, bytes, at, end);
      return true;
    case Dhcpv4Option.CLIENT_IDENTIFIER:
      return readClientId(record, bytes, at, end);
    case Dhcpv4Option.TFTP_SERVER_NAME:
      writeText(record.tftpServerName, bytes, at, end);
      return true;
    case Dhcpv4Option.BOOTFILE_NAME:
      writeText(record.bootFileName, bytes, at, end);
      return true;
    case Dhcpv4Option.USER_CLASS:
      return readUserClasses(record, bytes, at, end);
    case Dhcpv4Option.RAPID_COMMIT:
      record.rapidCommit = true;
      return length === 0;
    case Dhcpv4Option.CLIENT_FQDN:
      return readClientFqdn(record, bytes, at, end);
    case Dhcpv4Option.RELAY_AGENT_INFORMATION:
      return readRelayInformation(record, bytes, at, end);
    case Dhcpv4Option.CLIENT_SYSTEM_ARCHITECTURE:
      return readNumbers(record.clientArchitectures, 2, bytes, at, end);
    case Dhcpv4Option.CLIENT_NETWORK_INTERFACE:
      return readVersion(record.clientNetworkInterface, bytes, at, end);
    case Dhcpv4Option.CLIENT_MACHINE_IDENTIFIER:
      // A type, which is 0 (RFC 4578, section 2.3).
      if (length !== 1 + UUID_BYTES) return false;
      readMachineId(record, bytes, at + 1);
      return true;
    case Dhcpv4Option.PCODE:
    case Dhcpv4Option.TCODE:
      record.timeZone.reset();
      writeText(record.timeZone, bytes, at, end);
      return true;
    case Dhcpv4Option.IPV6_ONLY_PREFERRED:
      record.ipv6OnlyWait = readSeconds(bytes, at, end);
      return record.ipv6OnlyWait !== null;
    case Dhcpv4Option.CAPTIVE_PORTAL:
      writeText(record.captivePortal, bytes, at, end);
      return true;
    case Dhcpv4Option.DOMAIN_SEARCH:
      return readNames(record.searchDomains, bytes, at, end);
    case Dhcpv4Option.CLASSLESS_STATIC_ROUTE:
      // Replaces Microsoft's copy of the option.
      record.routeDestinations.reset();
      record.routeLengths.reset();
      record.routeGateways.reset();
      return readRoutes(record, bytes, at, end);
    case Dhcpv4Option.MICROSOFT_CLASSLESS_STATIC_ROUTE:
      return record.routeLengths.length > 0 || readRoutes(record, bytes, at, end);
    case Dhcpv4Option.VENDOR_IDENTIFYING_VENDOR_CLASS:
      return readVendorClasses(record, bytes, at, end);
    case Dhcpv4Option.MUD_URL:
      writeText(record.mudUrl, bytes, at, end);
      return true;
    case Dhcpv4Option.PROXY_AUTODISCOVERY:
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

/** Firmware sends the first three fields in the byte order of SMBIOS (DMTF DSP0134, section 7.2.1), lowest byte first. */
function readMachineId({ clientMachineId }: DhcpRecord, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < UUID_BYTES; i++) clientMachineId.push(bytes[at + SMBIOS_ORDER[i]!]!);
}

/** Flags, two obsolete result codes, the name (RFC 4702, section 2). */
function readClientFqdn(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 3) return false;
  record.fqdnFlags = bytes[at]!;
  if (bytes[at]! & ENCODED) return readPartialName(record.clientFqdn, bytes, at + 3, end);
  writeText(record.clientFqdn, bytes, at + 3, end);
  return true;
}

/** Instances with lengths (RFC 3004, section 4), or a single text, as many clients send it. */
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

/** Enterprise number, length, class; more of them may follow (RFC 3925, section 3). A vendor class identifier option has precedence. */
function readVendorClasses(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 5 || at + 5 + bytes[at + 4]! > end) return false;
  record.vendorEnterprise = uint32(bytes, at);
  if (!record.vendorClass.isPresent) writeText(record.vendorClass, bytes, at + 5, at + 5 + bytes[at + 4]!);
  return true;
}
