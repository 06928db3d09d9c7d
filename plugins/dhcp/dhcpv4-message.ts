import { Operation } from "../../generated/dhcp/dhcp_enums.js";
import type { DhcpRecord } from "../../generated/dhcp/record.js";
import { type Datagram, uint16, uint32, writeText } from "../../runtime/plugin/index.js";
import { Dhcpv4Option } from "./dhcpv4-option-codes.js";
import { readOption } from "./dhcpv4-options.js";
import { OptionIndex } from "./option-index.js";

/**
 * Bytes before the options (RFC 951, RFC 2131, section 2).
 *
 * ```
 *   ┌────┬───────┬──────┬──────┬─────┬──────┬───────┬────────┬────────┬────────┬────────┬────────┬───────┬──────┐
 *   │ op │ htype │ hlen │ hops │ xid │ secs │ flags │ ciaddr │ yiaddr │ siaddr │ giaddr │ chaddr │ sname │ file │
 *   └────┴───────┴──────┴──────┴─────┴──────┴───────┴────────┴────────┴────────┴────────┴────────┴───────┴──────┘
 *     1     1       1      1      4     2       2       4        4        4        4       16       64     128
 * ```
 */
export const HEADER_BYTES = 236;

const CLIENT_HARDWARE = 28;
const SERVER_HOST_NAME = 44;
const BOOT_FILE = 108;
const MAX_HARDWARE_BYTES = 16;
const ETHERNET = 1;
const MAC_BYTES = 6;
const BROADCAST = 0x8000;
/** Precedes the options of DHCP; a BOOTP message may have other content there (RFC 1497). */
const MAGIC_COOKIE = 0x63825363;
const COOKIE_BYTES = 4;

/** Bits of an option overload (RFC 2132, section 9.3). */
const IN_FILE = 1;
const IN_SERVER_HOST_NAME = 2;

/** The options of one message. */
const index = new OptionIndex();

/** Whether the header at `start` may be DHCP's or BOOTP's. */
export function isPlausible(bytes: Uint8Array, start: number): boolean {
  const operation = bytes[start]!;
  const isKnown = operation === Operation.BOOTREQUEST || operation === Operation.BOOTREPLY;
  return isKnown && bytes[start + 2]! <= MAX_HARDWARE_BYTES;
}

/** Reads a message of which the header is whole; false if its options are not, or break their format. */
export function readMessage(record: DhcpRecord, { bytes, start, end }: Datagram): boolean {
  readHeader(record, bytes, start);
  index.reset();
  const options = start + HEADER_BYTES + COOKIE_BYTES;
  const hasOptions = options <= end && uint32(bytes, options - COOKIE_BYTES) === MAGIC_COOKIE;
  let isWhole = !hasOptions || index.add(bytes, options, end);
  const overload = index.find(bytes, Dhcpv4Option.OPTION_OVERLOAD) ? index.valueBytes[index.valueStart]! : 0;
  // In this order (RFC 3396, section 5).
  if (overload & IN_FILE) isWhole = index.add(bytes, start + BOOT_FILE, start + HEADER_BYTES) && isWhole;
  else readField(record.bootFile, bytes, start + BOOT_FILE, start + HEADER_BYTES);
  if (overload & IN_SERVER_HOST_NAME)
    isWhole = index.add(bytes, start + SERVER_HOST_NAME, start + BOOT_FILE) && isWhole;
  else readField(record.serverHostName, bytes, start + SERVER_HOST_NAME, start + BOOT_FILE);
  for (let i = 0; i < index.count; i++) {
    const code = index.codes[i]!;
    record.options.push(code);
    index.find(bytes, code);
    isWhole = readOption(record, code, index.valueBytes, index.valueStart, index.valueEnd) && isWhole;
  }
  return isWhole;
}

function readHeader(record: DhcpRecord, bytes: Uint8Array, start: number): void {
  record.version = 4;
  record.operation = bytes[start]!;
  record.hardwareType = bytes[start + 1]!;
  record.hops = bytes[start + 3]!;
  record.transactionId = uint32(bytes, start + 4);
  record.elapsedTime = uint16(bytes, start + 8) * 1e9;
  record.broadcast = (uint16(bytes, start + 10) & BROADCAST) !== 0;
  record.ciaddr.set(bytes, start + 12, start + 16);
  record.yiaddr.set(bytes, start + 16, start + 20);
  record.siaddr.set(bytes, start + 20, start + 24);
  record.giaddr.set(bytes, start + 24, start + 28);
  const hardwareBytes = bytes[start + 2]!;
  const hardware = start + CLIENT_HARDWARE;
  if (record.hardwareType === ETHERNET && hardwareBytes === MAC_BYTES)
    record.clientMac.set(bytes, hardware, hardware + MAC_BYTES);
  else if (hardwareBytes > 0) record.clientHardware.set(bytes, hardware, hardware + hardwareBytes);
}

/** A text that ends with a zero, or with its field. */
function readField(slot: DhcpRecord["bootFile"], bytes: Uint8Array, at: number, end: number): void {
  const zero = bytes.indexOf(0, at);
  const textEnd = zero === -1 || zero > end ? end : zero;
  if (textEnd > at) writeText(slot, bytes, at, textEnd);
}
