import type { DhcpRecord } from "../../generated/dhcp/record.js";
import { uint16, uint32, writeText } from "../../runtime/plugin/index.js";
import { Dhcpv6Option } from "./dhcpv6-option-codes.js";

const ETHERNET = 1;
const MAC_BYTES = 6;

/**
 * Reads the options that a relay adds to the message that it passes on; they replace those of a relay further from the client. False when
 * an option is incomplete.
 */
export function readRelayOptions(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  while (at < end) {
    if (end - at < 4) return false;
    const value = at + 4;
    const next = value + uint16(bytes, at + 2);
    if (next > end) return false;
    switch (uint16(bytes, at)) {
      case Dhcpv6Option.INTERFACE_ID:
        record.relayCircuitId.set(bytes, value, next);
        break;
      case Dhcpv6Option.REMOTE_ID:
        // RFC 4649, section 3.
        if (next - value < 4) return false;
        record.relayRemoteEnterprise = uint32(bytes, value);
        record.relayRemoteId.set(bytes, value + 4, next);
        break;
      case Dhcpv6Option.SUBSCRIBER_ID:
        record.relaySubscriberId.reset();
        writeText(record.relaySubscriberId, bytes, value, next);
        break;
      case Dhcpv6Option.CLIENT_LINKLAYER_ADDR:
        // RFC 6939, section 4.
        if (next - value < 2) return false;
        record.hardwareType = uint16(bytes, value);
        if (record.hardwareType === ETHERNET && next - value === 2 + MAC_BYTES)
          record.clientMac.set(bytes, value + 2, next);
        else record.clientHardware.set(bytes, value + 2, next);
        break;
    }
    at = next;
  }
  return true;
}
