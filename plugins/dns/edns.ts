import type { DnsRecord } from "../../generated/dns/record.js";
import { uint16, writeUtf8Text } from "../../runtime/plugin/index.js";
import { writeIpv4, writeIpv6 } from "./address-text.js";

/** IANA registry "DNS EDNS0 Option Codes (OPT)". */
const CLIENT_SUBNET = 8;
const EXTENDED_ERROR = 15;

/** IANA registry "Address Family Numbers". */
const FAMILY_IPV4 = 1;
const FAMILY_IPV6 = 2;

const SLASH = 47;

/** A whole address, of which an option carries only the first bytes. */
const address = new Uint8Array(16);

/**
 * Reads the OPT record (RFC 6891, section 6.1) whose type stands at `at` and whose options end at `end`. Of the response to a
 * known query only what is the response's is read: the upper bits of the response code, the scope, the extended error.
 *
 * ```
 *   ┌──────┬──────────┬────────────────┬─────────┬───────┬─────────────┬───────────────────────┐
 *   │ type │ UDP size │ extended RCODE │ version │ DO, Z │ data length │ code, length, value … │
 *   └──────┴──────────┴────────────────┴─────────┴───────┴─────────────┴───────────────────────┘
 *      2        2             1             1        2          2
 * ```
 */
export function readEdns(
  record: DnsRecord,
  bytes: Uint8Array,
  at: number,
  end: number,
  isResponse: boolean,
  isPaired: boolean,
): void {
  if (isResponse) record.rcode! |= bytes[at + 4]! << 4;
  if (!isPaired) {
    record.ednsUdpSize = uint16(bytes, at + 2);
    record.ednsVersion = bytes[at + 5]!;
    record.ednsDo = bytes[at + 6]! >= 0x80;
  }
  for (let option = at + 10; option + 4 <= end; ) {
    const code = uint16(bytes, option);
    const value = option + 4;
    option = value + uint16(bytes, option + 2);
    if (option > end) {
      record.malformed = true;
      return;
    }
    if (code === CLIENT_SUBNET) readClientSubnet(record, bytes, value, option, isResponse, isPaired);
    else if (code === EXTENDED_ERROR && isResponse && record.extendedError === null)
      readExtendedError(record, bytes, value, option);
  }
}

/** RFC 7871, section 6: family, source prefix length, scope prefix length, as many bytes of the address as the source prefix has. */
function readClientSubnet(
  record: DnsRecord,
  bytes: Uint8Array,
  at: number,
  end: number,
  isResponse: boolean,
  isPaired: boolean,
): void {
  if (end - at < 4) {
    record.malformed = true;
    return;
  }
  const family = uint16(bytes, at);
  const prefixLength = bytes[at + 2]!;
  const addressLength = family === FAMILY_IPV4 ? 4 : family === FAMILY_IPV6 ? 16 : 0;
  const given = end - at - 4;
  if (addressLength > 0 && (prefixLength > addressLength * 8 || given !== (prefixLength + 7) >> 3)) {
    record.malformed = true;
    return;
  }
  if (isResponse) record.clientSubnetScope = bytes[at + 3]!;
  if (isPaired || record.clientSubnet.isPresent || addressLength === 0) return;
  for (let i = 0; i < 16; i++) address[i] = i < given ? bytes[at + 4 + i]! : 0;
  if (family === FAMILY_IPV4) writeIpv4(record.clientSubnet, address, 0);
  else writeIpv6(record.clientSubnet, address, 0);
  record.clientSubnet.push(SLASH);
  record.clientSubnet.appendNumber(prefixLength);
}

/** RFC 8914, section 2. */
function readExtendedError(record: DnsRecord, bytes: Uint8Array, at: number, end: number): void {
  if (end - at < 2) {
    record.malformed = true;
    return;
  }
  record.extendedError = uint16(bytes, at);
  // Some servers end the text with a zero, which is not part of it (section 2).
  const textEnd = end > at + 2 && bytes[end - 1] === 0 ? end - 1 : end;
  if (textEnd > at + 2) record.extendedErrorText.markPresent();
  writeUtf8Text(record.extendedErrorText, bytes, at + 2, textEnd);
}
