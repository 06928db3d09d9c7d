import type { IcmpRecord } from "../../generated/icmp/record.js";
import { uint16, uint32, writeText } from "../../runtime/plugin/index.js";

const HEADER_BYTES = 4;
const OBJECT_HEADER_BYTES = 4;
const VERSION = 2;
/** Where extensions stand in the messages of routers from before RFC 4884 (section 5.5). */
const UNANNOUNCED_OFFSET = 128;

/** IANA registry "ICMP Extension Object Classes". */
const MPLS = 1;
const INTERFACE_INFORMATION = 2;
const INTERFACE_IDENTIFICATION = 3;

// C-Type bits of interface information (RFC 5837, section 4.1).
const HAS_INDEX = 0x08;
const HAS_ADDRESS = 0x04;
const HAS_NAME = 0x02;
const HAS_MTU = 0x01;

// C-Types of interface identification (RFC 8335, section 2.1).
const BY_NAME = 1;
const BY_INDEX = 2;
const BY_ADDRESS = 3;

/** Address family numbers of IANA. */
const AFI_IPV4 = 1;
const AFI_IPV6 = 2;

/**
 * Position of extensions that no length announces after the packet quoted at `quote`, -1 if there are none: version and
 * checksum have to be right, as a longer quoted packet may stand there.
 */
export function findUnannouncedExtensions(bytes: Uint8Array, quote: number, end: number): number {
  const at = quote + UNANNOUNCED_OFFSET;
  if (end - at < HEADER_BYTES + OBJECT_HEADER_BYTES || bytes[at]! >> 4 !== VERSION) return -1;
  if (uint16(bytes, at + 2) === 0) return -1;
  let sum = 0;
  for (let i = at; i < end; i += 2) sum += (bytes[i]! << 8) | (i + 1 < end ? bytes[i + 1]! : 0);
  return sum % 0xffff === 0 ? at : -1;
}

/**
 * Reads the extension structure in `bytes[at, end)` (RFC 4884, section 7); false if it breaks its format.
 *
 * ```
 *   ┌─────────┬──────────┬──────────┬────────┬───────┬────────┬───────────┐
 *   │ version │ reserved │ checksum │ length │ class │ C-Type │ object  … │
 *   └─────────┴──────────┴──────────┴────────┴───────┴────────┴───────────┘
 *     4 bits     12 bits      2          2       1       1
 * ```
 */
export function readExtensions(record: IcmpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER_BYTES || bytes[at]! >> 4 !== VERSION) return false;
  let hasInterface = false;
  for (let object = at + HEADER_BYTES; object < end; ) {
    if (end - object < OBJECT_HEADER_BYTES) return false;
    const next = object + uint16(bytes, object);
    if (next < object + OBJECT_HEADER_BYTES || next > end) return false;
    const kind = bytes[object + 2]!;
    const subtype = bytes[object + 3]!;
    const body = object + OBJECT_HEADER_BYTES;
    if (kind === MPLS && subtype === 1) readLabels(record, bytes, body, next);
    else if (kind === INTERFACE_INFORMATION && !hasInterface) {
      hasInterface = true;
      if (!readInterface(record, subtype, bytes, body, next)) return false;
    } else if (kind === INTERFACE_IDENTIFICATION && !hasInterface) {
      hasInterface = true;
      readIdentification(record, subtype, bytes, body, next);
    }
    object = next;
  }
  return true;
}

/** RFC 4950, section 3: label stack entries as of RFC 3032. */
function readLabels(record: IcmpRecord, bytes: Uint8Array, at: number, end: number): void {
  for (; end - at >= 4; at += 4) {
    const entry = uint32(bytes, at);
    record.mplsLabels.push(entry >>> 12);
    record.mplsTrafficClasses.push((entry >> 9) & 7);
    record.mplsTtls.push(entry & 0xff);
  }
}

/** RFC 5837, section 4: index, address, name and MTU, as far as the C-Type says that they are there. */
function readInterface(record: IcmpRecord, subtype: number, bytes: Uint8Array, at: number, end: number): boolean {
  record.interfaceRole = subtype >> 6;
  if (subtype & HAS_INDEX) {
    if (end - at < 4) return false;
    record.interfaceIndex = uint32(bytes, at);
    at += 4;
  }
  if (subtype & HAS_ADDRESS) {
    if (end - at < 4) return false;
    const lengthBytes = addressBytes(uint16(bytes, at));
    if (lengthBytes === 0 || end - at < 4 + lengthBytes) return false;
    record.interfaceAddress.set(bytes, at + 4, at + 4 + lengthBytes);
    at += 4 + lengthBytes;
  }
  if (subtype & HAS_NAME) {
    // The length counts itself and the padding.
    const lengthBytes = at < end ? bytes[at]! : 0;
    if (lengthBytes === 0 || lengthBytes > end - at) return false;
    writeText(record.interfaceName, bytes, at + 1, at + lengthBytes);
    at += lengthBytes;
  }
  if (subtype & HAS_MTU) {
    if (end - at < 4) return false;
    record.interfaceMtu = uint32(bytes, at);
  }
  return true;
}

/** RFC 8335, section 2.1: one of name, index and address. */
function readIdentification(record: IcmpRecord, subtype: number, bytes: Uint8Array, at: number, end: number): void {
  if (subtype === BY_NAME) writeText(record.interfaceName, bytes, at, end);
  else if (subtype === BY_INDEX && end - at >= 4) record.interfaceIndex = uint32(bytes, at);
  else if (subtype === BY_ADDRESS && end - at >= 4) {
    const lengthBytes = addressBytes(uint16(bytes, at));
    if (lengthBytes > 0 && bytes[at + 2] === lengthBytes && end - at >= 4 + lengthBytes)
      record.interfaceAddress.set(bytes, at + 4, at + 4 + lengthBytes);
  }
}

function addressBytes(family: number): number {
  return family === AFI_IPV4 ? 4 : family === AFI_IPV6 ? 16 : 0;
}
