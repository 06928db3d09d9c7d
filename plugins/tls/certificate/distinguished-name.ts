import type { ByteSlot } from "../../../runtime/plugin/index.js";
import { DerReader, DerTag } from "./der.js";
import { writeDirectoryString } from "./directory-string.js";
import { objectIdentifier } from "./object-identifier.js";

const COMMA = 44;
const PLUS = 43;
const EQUALS = 61;
const HASH = 35;

/** Largest number of attributes that are written; certificates in use have about ten. */
const MAX_ATTRIBUTES = 64;

/** OpenSSL's short names of attribute types; of those in RFC 4514, section 3, they are the same but for the case of STREET. */
const ATTRIBUTE_NAMES = new Map<string, string>([
  ["2.5.4.3", "CN"],
  ["2.5.4.4", "SN"],
  ["2.5.4.5", "serialNumber"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "street"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.12", "title"],
  ["2.5.4.13", "description"],
  ["2.5.4.15", "businessCategory"],
  ["2.5.4.16", "postalAddress"],
  ["2.5.4.17", "postalCode"],
  ["2.5.4.18", "postOfficeBox"],
  ["2.5.4.20", "telephoneNumber"],
  ["2.5.4.41", "name"],
  ["2.5.4.42", "GN"],
  ["2.5.4.43", "initials"],
  ["2.5.4.44", "generationQualifier"],
  ["2.5.4.45", "x500UniqueIdentifier"],
  ["2.5.4.46", "dnQualifier"],
  ["2.5.4.65", "pseudonym"],
  ["2.5.4.72", "role"],
  ["2.5.4.97", "organizationIdentifier"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["1.2.840.113549.1.9.1", "emailAddress"],
  ["1.2.840.113549.1.9.2", "unstructuredName"],
  ["1.2.840.113549.1.9.8", "unstructuredAddress"],
  ["1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"],
  ["1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"],
  ["1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"],
]);

/**
 * Appends the distinguished name whose content is `bytes[at, end)` as RFC 4514 writes it, the same as OpenSSL with
 * `-nameopt RFC2253,-esc_msb`: the last part first, attributes by OpenSSL's short names, others by their identifiers with the value's
 * encoding in hexadecimal digits.
 */
export function writeDistinguishedName(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  slot.markPresent();
  /** Start and end of each attribute, and whether it belongs to the part of the one before it. */
  const attributes: { start: number; end: number; isJoined: boolean }[] = [];
  for (const parts = new DerReader(bytes, at, end); parts.next(); ) {
    const part = parts.content();
    for (let isJoined = false; part.next(); isJoined = true) {
      if (attributes.length === MAX_ATTRIBUTES) {
        slot.overflowed = true;
        break;
      }
      attributes.push({ start: part.start, end: part.end, isJoined });
    }
  }
  for (let i = attributes.length - 1; i >= 0; i--) {
    const attribute = attributes[i]!;
    writeAttribute(slot, bytes, attribute.start, attribute.end);
    if (i > 0) slot.push(attribute.isJoined ? PLUS : COMMA);
  }
}

/** Appends a type and its value. */
function writeAttribute(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  const attribute = new DerReader(bytes, at, end);
  if (!attribute.nextIf(DerTag.ObjectIdentifier)) return;
  const identifier = objectIdentifier(bytes, attribute.start, attribute.end);
  const name = ATTRIBUTE_NAMES.get(identifier);
  slot.appendText(name ?? identifier);
  slot.push(EQUALS);
  if (!attribute.next()) return;
  const isText = name !== undefined && writeDirectoryString(slot, attribute.tag, bytes, attribute.start, attribute.end);
  if (!isText) writeEncoding(slot, bytes, attribute.elementStart, attribute.end);
}

/** Appends `#` and the encoding in hexadecimal digits (RFC 4514, section 2.4). */
function writeEncoding(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): void {
  slot.push(HASH);
  for (; at < end; at++) slot.appendText(bytes[at]!.toString(16).toUpperCase().padStart(2, "0"));
}
