import { AssociationType } from "../../generated/dhcp/dhcp_enums.js";
import type { DhcpRecord } from "../../generated/dhcp/record.js";
import { uint16, uint32, writeText } from "../../runtime/plugin/index.js";
import { Dhcpv6Option } from "./dhcpv6-option-codes.js";

/** An association id; and two times, which temporary addresses do not have. */
const ID_BYTES = 4;
const ID_AND_TIMES_BYTES = 12;
/** Address and two lifetimes (RFC 8415, section 21.6). */
const ADDRESS_OPTION_BYTES = 24;
/** Two lifetimes, length and prefix (section 21.22). */
const PREFIX_OPTION_BYTES = 25;

/** Reads an identity association of this type, with its addresses, prefixes and status; false if it breaks its format. */
export function readAssociation(record: DhcpRecord, type: number, bytes: Uint8Array, at: number, end: number): boolean {
  const isTemporary = type === AssociationType.TEMPORARY_ADDRESSES;
  const headerBytes = isTemporary ? ID_BYTES : ID_AND_TIMES_BYTES;
  if (end - at < headerBytes) return false;
  record.associationTypes.push(type);
  record.associationIds.push(uint32(bytes, at));
  if (!isTemporary) {
    record.renewalTime ??= uint32(bytes, at + 4) * 1e9;
    record.rebindingTime ??= uint32(bytes, at + 8) * 1e9;
  }
  return readContents(record, bytes, at + headerBytes, end);
}

/** Reads a status code and its message (section 21.13). */
export function readStatus(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 2) return false;
  record.statusCodes.push(uint16(bytes, at));
  const { statusMessages } = record;
  writeText(statusMessages.arena, bytes, at + 2, end);
  statusMessages.endItem();
  return true;
}

/** Options of an association, or of an address or prefix in it, which has a status at most. */
function readContents(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  while (at < end) {
    if (end - at < 4) return false;
    const value = at + 4;
    const next = value + uint16(bytes, at + 2);
    if (next > end) return false;
    if (!readContent(record, uint16(bytes, at), bytes, value, next)) return false;
    at = next;
  }
  return true;
}

function readContent(record: DhcpRecord, code: number, bytes: Uint8Array, at: number, end: number): boolean {
  switch (code) {
    case Dhcpv6Option.IAADDR:
      if (end - at < ADDRESS_OPTION_BYTES) return false;
      record.addresses.push(bytes, at, at + 16);
      record.addressPreferredLifetimes.push(uint32(bytes, at + 16));
      record.addressValidLifetimes.push(uint32(bytes, at + 20));
      return readStatuses(record, bytes, at + ADDRESS_OPTION_BYTES, end);
    case Dhcpv6Option.IAPREFIX:
      if (end - at < PREFIX_OPTION_BYTES) return false;
      record.prefixPreferredLifetimes.push(uint32(bytes, at));
      record.prefixValidLifetimes.push(uint32(bytes, at + 4));
      record.prefixLengths.push(bytes[at + 8]!);
      record.prefixes.push(bytes, at + 9, at + PREFIX_OPTION_BYTES);
      return readStatuses(record, bytes, at + PREFIX_OPTION_BYTES, end);
    case Dhcpv6Option.STATUS_CODE:
      return readStatus(record, bytes, at, end);
    default:
      return true;
  }
}

/** Options in an address or prefix, of which only the status is read. */
function readStatuses(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  while (at < end) {
    if (end - at < 4) return false;
    const next = at + 4 + uint16(bytes, at + 2);
    if (next > end) return false;
    if (uint16(bytes, at) === Dhcpv6Option.STATUS_CODE && !readStatus(record, bytes, at + 4, next)) return false;
    at = next;
  }
  return true;
}
