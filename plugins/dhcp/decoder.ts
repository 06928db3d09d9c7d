import { MessageType, Operation } from "../../generated/dhcp/dhcp_enums.js";
import type { DhcpRecord } from "../../generated/dhcp/record.js";
import {
  type ByteSlot,
  type Datagram,
  type DatagramDecoder,
  type Output,
  Verdict,
} from "../../runtime/plugin/index.js";
import { HEADER_BYTES, isPlausible, readMessage } from "./dhcpv4-message.js";
import { HEADER_BYTES as DHCPV6_HEADER_BYTES, readMessage as readDhcpv6Message } from "./dhcpv6-message.js";
import { RequestTimes } from "./request-times.js";

const SERVER_PORT = 67;
const CLIENT_PORT = 68;
const DHCPV6_CLIENT_PORT = 546;
const DHCPV6_SERVER_PORT = 547;

const createTimes = () => new RequestTimes();

/**
 * DHCP, BOOTP and DHCPv6, by port.
 *
 * A message needs a whole header to become a row. One whose options break the format is counted as malformed and is still a row; one that
 * the capture cut there is accepted.
 */
export const decodeDatagram: DatagramDecoder<DhcpRecord> = (datagram, out) => {
  const { bytes, start, end, isTruncated } = datagram;
  const { record } = out;
  const isVersion6 = isDhcpv6(datagram);
  if (end - start < (isVersion6 ? DHCPV6_HEADER_BYTES : HEADER_BYTES)) {
    return isTruncated ? Verdict.Truncated : Verdict.Malformed;
  }
  if (isVersion6 ? bytes[start] === 0 : !isPlausible(bytes, start)) return Verdict.NotMine;
  const isWhole = isVersion6 ? readDhcpv6Message(record, datagram) : readMessage(record, datagram);
  record.malformed = !isWhole && !isTruncated;
  const verdict = record.malformed ? Verdict.Malformed : Verdict.Accepted;
  relate(datagram, out);
  out.emit();
  return verdict;
};

function isDhcpv6({ srcPort, dstPort }: Datagram): boolean {
  const isServerOrClient = dstPort === DHCPV6_SERVER_PORT || dstPort === DHCPV6_CLIENT_PORT;
  if (isServerOrClient || dstPort === SERVER_PORT || dstPort === CLIENT_PORT) return isServerOrClient;
  return srcPort === DHCPV6_SERVER_PORT || srcPort === DHCPV6_CLIENT_PORT;
}

/** Sets the latency of a server's message, from the client's message of the transaction. */
function relate(datagram: Datagram, out: Output<DhcpRecord>): void {
  const { record } = out;
  const times = out.captureState(createTimes);
  const transaction = record.transactionId;
  const client = clientHash(record);
  if (!isFromServer(record)) {
    times.note(datagram, transaction, client);
  } else if (times.find(datagram, transaction, client)) {
    record.latency = datagram.time.nanosecondsSince(times.time);
    record.requestFrame = times.frame;
  }
}

function isFromServer({ operation, messageType }: DhcpRecord): boolean {
  if (operation !== null) return operation === Operation.BOOTREPLY;
  switch (messageType) {
    case MessageType.ADVERTISE:
    case MessageType.REPLY:
    case MessageType.RECONFIGURE:
    case MessageType.LEASEQUERY_REPLY:
      return true;
    default:
      return false;
  }
}

/** What distinguishes the client's messages from those of others with their transaction id. */
function clientHash(record: DhcpRecord): number {
  if (record.version === 6) return hashOf(record.clientId);
  return hashOf(record.clientMac.isPresent ? record.clientMac : record.clientHardware);
}

function hashOf({ bytes, length }: ByteSlot): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}
