import { MessageType } from "../../generated/dhcp/dhcp_enums.js";
import type { DhcpRecord } from "../../generated/dhcp/record.js";
import { type Datagram, uint16, uint32 } from "../../runtime/plugin/index.js";
import { Dhcpv6Option } from "./dhcpv6-option-codes.js";
import { readOptions } from "./dhcpv6-options.js";
import { readRelayOptions } from "./dhcpv6-relay-options.js";

/** Message type and transaction id (RFC 8415, section 8). */
export const HEADER_BYTES = 4;
/** Message type, hop count, link address, peer address (section 9). */
const RELAY_HEADER_BYTES = 34;

/** Types of messages that are read apart from others (IANA registry "DHCPv6 Message Types"; RFC 8415, RFC 5007, RFC 5460). */
const Dhcpv6MessageType = {
  REQUEST: 3,
  RELEASE: 8,
  DECLINE: 9,
  RELAY_FORW: 12,
  RELAY_REPL: 13,
  LEASEQUERY: 14,
  LEASEQUERY_DONE: 16,
} as const;

/** Nested messages that are followed; relays stop at 8 (section 7.6). */
const MAX_RELAYS = 32;

/** Added to DHCPv6's own numbers in {@link MessageType}, which follow those of DHCP. */
const FIRST_OF_DHCPV6 = 1000;
/** Types that DHCP has too, by number in DHCPv6. */
const SHARED_TYPES = new Map<number, number>([
  [Dhcpv6MessageType.REQUEST, MessageType.REQUEST],
  [Dhcpv6MessageType.RELEASE, MessageType.RELEASE],
  [Dhcpv6MessageType.DECLINE, MessageType.DECLINE],
  [Dhcpv6MessageType.LEASEQUERY, MessageType.LEASEQUERY],
  [Dhcpv6MessageType.LEASEQUERY_DONE, MessageType.LEASEQUERYDONE],
]);

/** Reads a message and those of the relays around it; false if a header or an option is incomplete or breaks its format. */
export function readMessage(record: DhcpRecord, { bytes, start, end }: Datagram): boolean {
  record.version = 6;
  let at = start;
  let messageEnd = end;
  let isWhole = true;
  for (let relays = 0; isRelayed(bytes[at]!); relays++) {
    record.messageType = FIRST_OF_DHCPV6 + bytes[at]!;
    if (messageEnd - at < RELAY_HEADER_BYTES || relays === MAX_RELAYS) return false;
    record.hops ??= bytes[at + 1]!;
    record.relayLinkAddresses.push(bytes, at + 2, at + 18);
    record.relayPeerAddresses.push(bytes, at + 18, at + RELAY_HEADER_BYTES);
    const options = at + RELAY_HEADER_BYTES;
    isWhole = readRelayOptions(record, bytes, options, messageEnd) && isWhole;
    at = findRelayMessage(bytes, options, messageEnd);
    if (at === -1) return false;
    messageEnd = at + uint16(bytes, at - 2);
  }
  if (messageEnd - at < HEADER_BYTES) return false;
  const type = bytes[at]!;
  record.messageType = SHARED_TYPES.get(type) ?? FIRST_OF_DHCPV6 + type;
  record.transactionId = uint32(bytes, at) & 0xffffff;
  return readOptions(record, bytes, at + HEADER_BYTES, messageEnd) && isWhole;
}

/** True for the types of messages in which a relay passes on another one. */
function isRelayed(type: number): boolean {
  return type === Dhcpv6MessageType.RELAY_FORW || type === Dhcpv6MessageType.RELAY_REPL;
}

/** Where the message begins that a relay passes on, -1 if there is not a whole one. */
function findRelayMessage(bytes: Uint8Array, at: number, end: number): number {
  while (end - at >= 4) {
    const value = at + 4;
    const next = value + uint16(bytes, at + 2);
    if (next > end) return -1;
    if (uint16(bytes, at) === Dhcpv6Option.RELAY_MSG) return next > value ? value : -1;
    at = next;
  }
  return -1;
}
