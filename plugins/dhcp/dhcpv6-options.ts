import type { DhcpRecord } from "../../generated/dhcp/record.js";
import { uint16, uint32, writeText } from "../../runtime/plugin/index.js";
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

/** Reads options, each of code, length and value, in `bytes[at, end)`; false where one is not whole or breaks its format. */
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

/** IANA registry "DHCPv6 Option Codes". */
function readOption(record: DhcpRecord, code: number, bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  switch (code) {
    case 1:
      record.clientId.set(bytes, at, end);
      if (length >= 2) record.clientDuidType = uint16(bytes, at);
      return length >= 2;
    case 2:
      record.serverDuid.set(bytes, at, end);
      return length >= 2;
    case 3:
    case 4:
    case 25:
      return readAssociation(record, code, bytes, at, end);
    case 6:
      return readNumbers(record.requestedOptions, 2, bytes, at, end);
    case 7:
      if (length !== 1) return false;
      record.preference = bytes[at]!;
      return true;
    case 8:
      if (length !== 2) return false;
      record.elapsedTime = uint16(bytes, at) * HUNDREDTH_OF_SECOND;
      return true;
    case 12:
      if (length !== ADDRESS_BYTES) return false;
      record.serverUnicast.set(bytes, at, end);
      return true;
    case 13:
      return readStatus(record, bytes, at, end);
    case 14:
      record.rapidCommit = true;
      return length === 0;
    case 15:
      return readTexts(record.userClasses, 2, bytes, at, end);
    case 16:
      return readVendorClass(record, bytes, at, end);
    case 23:
      return readAddresses(record.dnsServers, ADDRESS_BYTES, bytes, at, end);
    case 24:
      return readNames(record.searchDomains, bytes, at, end);
    case 31:
      return readAddresses(record.ntpServers, ADDRESS_BYTES, bytes, at, end);
    case 32:
      record.informationRefreshTime = readSeconds(bytes, at, end);
      return record.informationRefreshTime !== null;
    case 39:
      if (length < 1) return false;
      record.fqdnFlags = bytes[at]!;
      return readPartialName(record.clientFqdn, bytes, at + 1, end);
    case 41:
    case 42:
      record.timeZone.reset();
      writeText(record.timeZone, bytes, at, end);
      return true;
    case 56:
      return readNtpServers(record, bytes, at, end);
    case 59:
      writeText(record.bootFileName, bytes, at, end);
      return true;
    case 61:
      return readNumbers(record.clientArchitectures, 2, bytes, at, end);
    case 62:
      return readVersion(record.clientNetworkInterface, bytes, at, end);
    case 103:
      writeText(record.captivePortal, bytes, at, end);
      return true;
    case 112:
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
