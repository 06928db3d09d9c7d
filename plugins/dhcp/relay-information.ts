import type { DhcpRecord } from "../../generated/dhcp/record.js";
import { writeText } from "../../runtime/plugin/index.js";
import { readAddress } from "./option-values.js";

/** IANA registry "DHCP Relay Agent Sub-Option Codes". */
const CIRCUIT_ID = 1;
const REMOTE_ID = 2;
const LINK_SELECTION = 5;
const SUBSCRIBER_ID = 6;
const SERVER_OVERRIDE = 11;

/** Reads the relay agent information option (RFC 3046): code, length, value of each suboption; false if one is broken. */
export function readRelayInformation(record: DhcpRecord, bytes: Uint8Array, at: number, end: number): boolean {
  let isWhole = true;
  while (at < end) {
    if (end - at < 2) return false;
    const value = at + 2;
    const next = value + bytes[at + 1]!;
    if (next > end) return false;
    switch (bytes[at]) {
      case CIRCUIT_ID:
        record.relayCircuitId.set(bytes, value, next);
        break;
      case REMOTE_ID:
        record.relayRemoteId.set(bytes, value, next);
        break;
      case LINK_SELECTION:
        isWhole = readAddress(record.relayLinkSelection, bytes, value, next) && isWhole;
        break;
      case SUBSCRIBER_ID:
        writeText(record.relaySubscriberId, bytes, value, next);
        break;
      case SERVER_OVERRIDE:
        isWhole = readAddress(record.relayServerOverride, bytes, value, next) && isWhole;
        break;
    }
    at = next;
  }
  return isWhole;
}
