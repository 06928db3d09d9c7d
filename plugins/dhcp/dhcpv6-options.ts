import type { DhcpRecord } from "../../generated/dhcp/record.js";
import { uint16, uint32, writeText } from "../../runtime/plugin/index.js";
import { Dhcpv6Option } from "./dhcpv6-option-codes.js";
import { readAssociation, readStatus } from "./identity-association.js";
import {
  readAddresses,
  readNames,
  readNumbers,
  readPartialName,
  readSeconds,
  readTexts,
  readVersion,
} from "./option-values.js";

const ADDRESS_BYTES = 16;
/** The unit of elapsed times, in nanoseconds. */
const HUNDREDTH_OF_SECOND = 1e7;
/** Suboption of the NTP server option (RFC 5908, section 4.1). */
const NTP_ADDRESS = 1;

/** Reads options, each of code, length and value, in `bytes[at, end)`; false if one is incomplete or breaks its format. */
export function readOptions(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  let isWhole = true;
  while (at < end) {
    if (end - at < 4) return false;
    const code = uint16(bytes, at);
    const value = at + 4;
    const next = value + uint16(bytes, at + 2);
    if (next > end) return false;
    record.options.push(code);
    isWhole = readOption(record, code, bytes, value, next) && isWhole;
    at = next;
  }
  return isWhole;
}

function readOption(record: DhcpRecord, code: number, bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  switch (code) {
    case Dhcpv6Option.CLIENTID:
      record.clientId.set(bytes, at, end);
      if (length >= 2) record.clientDuidType = uint16(bytes, at);
      return length >= 2;
    case Dhcpv6Option.SERVERID:
      record.serverDuid.set(bytes, at, end);
      return length >= 2;
    case Dhcpv6Option.IA_NA:
    case Dhcpv6Option.IA_TA:
    case Dhcpv6Option.IA_PD:
      return readAssociation(record, code, bytes, at, end);
    case Dhcpv6Option.ORO:
      return readNumbers(record.requestedOptions, 2, bytes, at, end);
    case Dhcpv6Option.PREFERENCE:
      if (length !== 1) return false;
      record.preference = bytes[at]!;
      return true;
    case Dhcpv6Option.ELAPSED_TIME:
      if (length !== 2) return false;
      record.elapsedTime = uint16(bytes, at) * HUNDREDTH_OF_SECOND;
      return true;
    case Dhcpv6Option.UNICAST:
      if (length !== ADDRESS_BYTES) return false;
      record.serverUnicast.set(bytes, at, end);
      return true;
    case Dhcpv6Option.STATUS_CODE:
      return readStatus(record, bytes, at, end);
    case Dhcpv6Option.RAPID_COMMIT:
      record.rapidCommit = true;
      return length === 0;
    case Dhcpv6Option.USER_CLASS:
      return readTexts(record.userClasses, 2, bytes, at, end);
    case Dhcpv6Option.VENDOR_CLASS:
      return readVendorClass(record, bytes, at, end);
    case Dhcpv6Option.DNS_SERVERS:
      return readAddresses(record.dnsServers, ADDRESS_BYTES, bytes, at, end);
    case Dhcpv6Option.DOMAIN_LIST:
      return readNames(record.searchDomains, bytes, at, end);
    case Dhcpv6Option.SNTP_SERVERS:
      return readAddresses(record.ntpServers, ADDRESS_BYTES, bytes, at, end);
    case Dhcpv6Option.INFORMATION_REFRESH_TIME:
      record.informationRefreshTime = readSeconds(bytes, at, end);
      return record.informationRefreshTime !== null;
    case Dhcpv6Option.CLIENT_FQDN:
      if (length < 1) return false;
      record.fqdnFlags = bytes[at]!;
      return readPartialName(record.clientFqdn, bytes, at + 1, end);
    case Dhcpv6Option.NEW_POSIX_TIMEZONE:
    case Dhcpv6Option.NEW_TZDB_TIMEZONE:
      record.timeZone.reset();
      writeText(record.timeZone, bytes, at, end);
      return true;
    case Dhcpv6Option.NTP_SERVER:
      return readNtpServers(record, bytes, at, end);
    case Dhcpv6Option.BOOTFILE_URL:
      writeText(record.bootFileName, bytes, at, end);
      return true;
    case Dhcpv6Option.CLIENT_ARCH_TYPE:
      return readNumbers(record.clientArchitectures, 2, bytes, at, end);
    case Dhcpv6Option.NII:
      return readVersion(record.clientNetworkInterface, bytes, at, end);
    case Dhcpv6Option.V6_CAPTIVE_PORTAL:
      writeText(record.captivePortal, bytes, at, end);
      return true;
    case Dhcpv6Option.MUD_URL_V6:
      writeText(record.mudUrl, bytes, at, end);
      return true;
    default:
      return true;
  }
}

/** Enterprise number, then classes after their lengths (RFC 8415, section 21.16). */
function readVendorClass(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 4) return false;
  record.vendorEnterprise = uint32(bytes, at);
  if (end - at < 6) return end - at === 4;
  const textEnd = at + 6 + uint16(bytes, at + 4);
  if (textEnd > end) return false;
  record.vendorClass.reset();
  writeText(record.vendorClass, bytes, at + 6, textEnd);
  return true;
}

function readNtpServers(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  while (at < end) {
    if (end - at < 4) return false;
    const next = at + 4 + uint16(bytes, at + 2);
    if (next > end) return false;
    if (uint16(bytes, at) === NTP_ADDRESS && next - at === 4 + ADDRESS_BYTES)
      record.ntpServers.push(bytes, at + 4, next);
    at = next;
  }
  return true;
}
