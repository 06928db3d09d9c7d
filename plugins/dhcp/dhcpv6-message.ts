import { MessageType } from "../../generated/dhcp/dhcp_enums.js";
import type { DhcpRecord } from "../../generated/dhcp/record.js";
import { type Datagram, uint16, uint32 } from "../../runtime/plugin/index.js";
import { readOptions } from "./dhcpv6-options.js";
import { readRelayOptions } from "./dhcpv6-relay-options.js";

/** Message type and transaction id (RFC 8415, section 8). */
export const HEADER_BYTES = 4;
/** Message type, hop count, link address, peer address (section 9). */
const RELAY_HEADER_BYTES = 34;
const RELAY_FORWARD = 12;
const RELAY_REPLY = 13;
const RELAY_MESSAGE = 9;
/** Messages in messages that are looked into; section 7.6 has relays stop at 8. */
const MAX_RELAYS = 32;

/** DHCPv6's own numbers stand after DHCP's in {@link MessageType}. */
const FIRST_OF_DHCPV6 = 1000;
/** Types that DHCP has too, by number in DHCPv6. */
const SHARED_TYPES = new Map<number, number>([
  [3, MessageType.REQUEST],
  [8, MessageType.RELEASE],
  [9, MessageType.DECLINE],
  [14, MessageType.LEASEQUERY],
  [16, MessageType.LEASEQUERYDONE],
]);

/** Reads a message and those of the relays around it; false where a header or an option is not whole or breaks its format. */
export function readMessage(record: DhcpRecord, { bytes, start, end }: Datagram): boolean {
  record.version = 6;
  let at = start;
  let messageEnd = end;
  let isWhole = true;
  for (let relays = 0; bytes[at] === RELAY_FORWARD || bytes[at] === RELAY_REPLY; relays++) {
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

/** Where the message begins that a relay passes on, -1 for none that is whole. */
function findRelayMessage(bytes: Uint8Array, at: number, end: number): number {
  while (end - at >= 4) {
    const value = at + 4;
    const next = value + uint16(bytes, at + 2);
    if (next > end) return -1;
    if (uint16(bytes, at) === RELAY_MESSAGE) return next > value ? value : -1;
    at = next;
  }
  return -1;
}
