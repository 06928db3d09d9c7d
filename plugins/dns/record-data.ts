import { RecordClass, RecordType } from "../../generated/dns/dns_enums.js";
import { type ByteSlot, uint16, uint32, writeName } from "../../runtime/plugin/index.js";
import { writeIpv4, writeIpv6 } from "./address-text.js";
import { writeAscii, writeBase64, writeHex, writeQuoted } from "./encoded-text.js";
import { writeDenial, writeDenialHash, writeDenialHashParameters, writeSignature } from "./security-data.js";
import { writeServiceParameters } from "./service-parameters.js";

const SPACE = 32;

/**
 * Appends a record's data `bytes[at, end)` in the presentation format of its type, names as {@link writeName} writes them.
 * Data of a type without one here, and data that breaks its type's format, is written as `\# 2 ABCD` (RFC 3597, section 5).
 * `messageStart` is where the offsets of compression pointers count from. False if the data breaks its type's format, other than in an
 * update, whose classes ANY and NONE go without (RFC 2136, section 2.5).
 */
export function writeRecordData(
  slot: ByteSlot,
  type: number,
  recordClass: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  messageStart: number,
): boolean {
  const { length, overflowed } = slot;
  const verdict = writeTypedData(slot, type, recordClass, bytes, at, end, messageStart);
  if (verdict === true) return true;
  slot.length = length;
  slot.overflowed = overflowed;
  writeAscii(slot, "\\# ");
  slot.appendNumber(end - at);
  if (end > at) slot.push(SPACE);
  writeHex(slot, bytes, at, end);
  return verdict === undefined || recordClass === RecordClass.ANY || recordClass === RecordClass.NONE;
}

/** Undefined for a type that is not known, false for data that is not what its type says; the slot then holds something or nothing of it. */
function writeTypedData(
  slot: ByteSlot,
  type: number,
  recordClass: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  messageStart: number,
): boolean | undefined {
  switch (type) {
    case RecordType.A:
      // In another class, such as Chaosnet, an address is something else (RFC 1035, section 3.4).
      if (recordClass !== RecordClass.IN) return undefined;
      if (end - at !== 4) return false;
      writeIpv4(slot, bytes, at);
      return true;
    case RecordType.AAAA:
      if (recordClass !== RecordClass.IN) return undefined;
      if (end - at !== 16) return false;
      writeIpv6(slot, bytes, at);
      return true;
    case RecordType.NS:
    case RecordType.MD:
    case RecordType.MF:
    case RecordType.CNAME:
    case RecordType.MB:
    case RecordType.MG:
    case RecordType.MR:
    case RecordType.PTR:
    case RecordType.DNAME:
      return writeName(slot, bytes, at, messageStart, end) === end;
    case RecordType.MX:
    case RecordType.AFSDB:
    case RecordType.RT:
    case RecordType.KX:
      return writeNumbersAndName(slot, 1, bytes, at, end, messageStart);
    case RecordType.SRV:
      return writeNumbersAndName(slot, 3, bytes, at, end, messageStart);
    case RecordType.MINFO:
    case RecordType.RP:
      return writeTwoNames(slot, bytes, at, end, messageStart);
    case RecordType.TXT:
    case RecordType.SPF:
    case RecordType.HINFO:
    case RecordType.X25:
    case RecordType.ISDN:
    case RecordType.GPOS:
      return end > at && writeStrings(slot, bytes, at, end) === end;
    case RecordType.SOA:
      return writeStartOfAuthority(slot, bytes, at, end, messageStart);
    case RecordType.NAPTR:
      return writeNamingAuthority(slot, bytes, at, end, messageStart);
    case RecordType.CAA:
      return writeCertificationAuthority(slot, bytes, at, end);
    case RecordType.DS:
    case RecordType.CDS:
    case RecordType.DLV:
    case RecordType.TA:
      return writeDelegationSigner(slot, bytes, at, end);
    case RecordType.DNSKEY:
    case RecordType.CDNSKEY:
      return writeKey(slot, bytes, at, end);
    case RecordType.SSHFP:
      return writeFingerprint(slot, 2, bytes, at, end);
    case RecordType.TLSA:
    case RecordType.SMIMEA:
      return writeFingerprint(slot, 3, bytes, at, end);
    case RecordType.RRSIG:
    case RecordType.SIG:
      return writeSignature(slot, bytes, at, end, messageStart);
    case RecordType.NSEC3PARAM:
      return writeDenialHashParameters(slot, bytes, at, end) === end;
    case RecordType.URI:
      // RFC 7553, section 4.5.
      if (end - at < 5) return false;
      slot.appendNumber(uint16(bytes, at));
      slot.push(SPACE);
      slot.appendNumber(uint16(bytes, at + 2));
      slot.push(SPACE);
      writeQuoted(slot, bytes, at + 4, end);
      return true;
    case RecordType.DHCID:
    case RecordType.OPENPGPKEY:
      if (end === at) return false;
      writeBase64(slot, bytes, at, end);
      return true;
    case RecordType.NSEC:
      return writeDenial(slot, bytes, at, end, messageStart);
    case RecordType.NSEC3:
      return writeDenialHash(slot, bytes, at, end);
    case RecordType.SVCB:
    case RecordType.HTTPS: {
      if (end - at < 3) return false;
      slot.appendNumber(uint16(bytes, at));
      slot.push(SPACE);
      const next = writeName(slot, bytes, at + 2, messageStart, end);
      return next !== -1 && writeServiceParameters(slot, bytes, next, end);
    }
    default:
      return undefined;
  }
}

/** 16-bit numbers, `count` of them, and a name. */
function writeNumbersAndName(
  slot: ByteSlot,
  count: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  messageStart: number,
): boolean {
  if (end - at < count * 2) return false;
  for (let i = 0; i < count; i++) {
    slot.appendNumber(uint16(bytes, at));
    slot.push(SPACE);
    at += 2;
  }
  return writeName(slot, bytes, at, messageStart, end) === end;
}

function writeTwoNames(slot: ByteSlot, bytes: Uint8Array, at: number, end: number, messageStart: number): boolean {
  const second = writeName(slot, bytes, at, messageStart, end);
  if (second === -1) return false;
  slot.push(SPACE);
  return writeName(slot, bytes, second, messageStart, end) === end;
}

/** Character strings up to `end`, or up to `count` of them; returns the position after them, -1 when one leaves the data. */
function writeStrings(slot: ByteSlot, bytes: Uint8Array, at: number, end: number, count = end - at): number {
  for (let i = 0; i < count && at < end; i++) {
    const next = at + 1 + bytes[at]!;
    if (next > end) return -1;
    if (i > 0) slot.push(SPACE);
    writeQuoted(slot, bytes, at + 1, next);
    at = next;
  }
  return at;
}

function writeStartOfAuthority(
  slot: ByteSlot,
  bytes: Uint8Array,
  at: number,
  end: number,
  messageStart: number,
): boolean {
  at = writeName(slot, bytes, at, messageStart, end);
  if (at === -1) return false;
  slot.push(SPACE);
  at = writeName(slot, bytes, at, messageStart, end);
  if (at === -1 || end - at !== 20) return false;
  for (; at < end; at += 4) {
    slot.push(SPACE);
    slot.appendNumber(uint32(bytes, at));
  }
  return true;
}

/** RFC 3403, section 4.1. */
function writeNamingAuthority(
  slot: ByteSlot,
  bytes: Uint8Array,
  at: number,
  end: number,
  messageStart: number,
): boolean {
  if (end - at < 8) return false;
  slot.appendNumber(uint16(bytes, at));
  slot.push(SPACE);
  slot.appendNumber(uint16(bytes, at + 2));
  slot.push(SPACE);
  at = writeStrings(slot, bytes, at + 4, end, 3);
  if (at === -1) return false;
  slot.push(SPACE);
  return writeName(slot, bytes, at, messageStart, end) === end;
}

/** RFC 8659, section 4.1.1. */
function writeCertificationAuthority(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 2) return false;
  const tagEnd = at + 2 + bytes[at + 1]!;
  if (tagEnd > end || tagEnd === at + 2) return false;
  slot.appendNumber(bytes[at]!);
  slot.push(SPACE);
  for (let i = at + 2; i < tagEnd; i++) {
    if (!isLetterOrDigit(bytes[i]!)) return false;
    slot.push(bytes[i]!);
  }
  slot.push(SPACE);
  writeQuoted(slot, bytes, tagEnd, end);
  return true;
}

function isLetterOrDigit(byte: number): boolean {
  return (byte >= 48 && byte < 58) || ((byte | 32) >= 97 && (byte | 32) < 123);
}

/** RFC 4034, section 5.3. */
function writeDelegationSigner(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 5) return false;
  slot.appendNumber(uint16(bytes, at));
  slot.push(SPACE);
  return writeFingerprint(slot, 2, bytes, at + 2, end);
}

/** RFC 4034, section 2.2. */
function writeKey(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 5) return false;
  slot.appendNumber(uint16(bytes, at));
  for (let i = 2; i < 4; i++) {
    slot.push(SPACE);
    slot.appendNumber(bytes[at + i]!);
  }
  slot.push(SPACE);
  writeBase64(slot, bytes, at + 4, end);
  return true;
}

/** 8-bit numbers, `count` of them, and hexadecimal digits: RFC 4255, section 3.2; RFC 6698, section 2.2. */
function writeFingerprint(slot: ByteSlot, count: number, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at <= count) return false;
  for (let i = 0; i < count; i++) {
    slot.appendNumber(bytes[at++]!);
    slot.push(SPACE);
  }
  writeHex(slot, bytes, at, end);
  return true;
}
