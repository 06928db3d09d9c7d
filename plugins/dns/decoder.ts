import { type DnsRecord, Service, State } from "../../generated/dns/record.js";
import type { Datagram } from "../../runtime/packet/packet.js";
import type { DatagramDecoder } from "../../runtime/plugin/hooks.js";
import type { Output } from "../../runtime/plugin/output.js";
import { Verdict } from "../../runtime/plugin/verdict.js";
import { ByteSlot } from "../../runtime/wire/byte-slot.js";
import { uint16 } from "./big-endian.js";
import { HEADER_BYTES, isPlausible, isResponse, readQueryHeader, readResponseHeader } from "./message-header.js";
import { isSameQuestion, type Question, readQuestion, skipQuestions } from "./question.js";
import { readAdditional, readAnswers, skipRecords } from "./resource-records.js";

const MDNS_PORT = 5353;
const LLMNR_PORT = 5355;

/** The question of a response until it is known whether it is the query's. */
const repeated: Question = { queryName: new ByteSlot(1012), queryType: null, queryClass: null, unicastDesired: null };

/**
 * DNS messages over UDP (RFC 1035), queries paired with responses by conversation, id and question.
 *
 * A message needs a whole header and first question to become a row. One that breaks after them is `malformed`, counted as such,
 * and a row all the same, with what stands before the break; one that the capture cut there is accepted.
 */
export const decodeDatagram: DatagramDecoder<DnsRecord> = (datagram, out) => {
  const { bytes, start, end } = datagram;
  if (end - start < HEADER_BYTES) return Verdict.Truncated;
  if (!isPlausible(bytes, start, datagram.payloadLengthBytes)) return Verdict.NotMine;
  return isResponse(bytes, start) ? decodeResponse(datagram, out) : decodeQuery(datagram, out);
};

function decodeQuery(datagram: Datagram, out: Output<DnsRecord>): Verdict {
  const { bytes, start, end } = datagram;
  const { record } = out;
  const service = serviceOf(datagram.dstPort, datagram.srcPort);
  const isMulticastDns = service === Service.MDNS;
  readQueryHeader(record, bytes, start, service);
  let at = start + HEADER_BYTES;
  if (record.questionCount > 0) {
    at = readQuestion(record, bytes, at, start, end, isMulticastDns);
    if (at === -1) return brokenBy(datagram);
  }
  at = skipQuestions(record.questionCount - 1, bytes, at, end);
  if (at !== -1) at = skipRecords(uint16(bytes, start + 6) + uint16(bytes, start + 8), bytes, at, end);
  if (at !== -1) at = readAdditional(record, uint16(bytes, start + 10), bytes, at, end, false, false);
  record.malformed = at === -1 && !datagram.isTruncated;
  const verdict = record.malformed ? Verdict.Malformed : Verdict.Accepted;
  if (isMulticastDns && isAnsweredByMulticast(datagram, record)) {
    record.state = State.MULTICAST;
    out.emit();
  } else {
    record.state = State.UNANSWERED;
    out.hold(record.transactionId);
  }
  return verdict;
}

function decodeResponse(datagram: Datagram, out: Output<DnsRecord>): Verdict {
  const { bytes, start, end } = datagram;
  const { record } = out;
  const service = serviceOf(datagram.srcPort, datagram.dstPort);
  const isMulticastDns = service === Service.MDNS;
  const questionCount = uint16(bytes, start + 4);
  let at = start + HEADER_BYTES;
  repeated.queryName.reset();
  if (questionCount > 0) {
    at = readQuestion(repeated, bytes, at, start, end, isMulticastDns);
    if (at === -1) return brokenBy(datagram);
  }
  const isMulticast = isMulticastDns && isToGroup(datagram);
  let isPaired = !isMulticast && out.resume(uint16(bytes, start));
  // Servers that do not understand a query, and multicast DNS, leave the question out.
  if (isPaired && questionCount > 0 && !isSameQuestion(record, repeated)) {
    out.putBack();
    isPaired = false;
  }
  if (isPaired) {
    record.state = State.COMPLETE;
    const latency = datagram.time.nanosecondsSince(out.requestTime);
    if (latency >= 0) record.latency = latency;
  } else {
    record.state = isMulticast ? State.MULTICAST : State.UNSOLICITED;
    readQueryHeader(record, bytes, start, service);
    if (questionCount > 0) copyQuestion(repeated, record);
  }
  record.responseFrame = datagram.frameNumber;
  readResponseHeader(record, bytes, start);
  at = skipQuestions(questionCount - 1, bytes, at, end);
  if (at !== -1) at = readAnswers(record, record.answerCount!, bytes, at, start, end, isMulticastDns);
  if (at !== -1) at = skipRecords(record.authorityCount!, bytes, at, end);
  if (at !== -1) at = readAdditional(record, record.additionalCount!, bytes, at, end, true, isPaired);
  const isMalformed = at === -1 && !datagram.isTruncated;
  if (isMalformed) record.malformed = true;
  if (record.state === State.UNSOLICITED) out.emitReversed();
  else out.emit();
  return isMalformed ? Verdict.Malformed : Verdict.Accepted;
}

/** The verdict on a message whose first question is not whole. */
function brokenBy({ isTruncated }: Datagram): Verdict {
  return isTruncated ? Verdict.Truncated : Verdict.Malformed;
}

/** The service of a server at `port`; `otherPort` decides where that is not one of the plugin's ports. */
function serviceOf(port: number, otherPort: number): number {
  const isKnown = port === 53 || port === MDNS_PORT || port === LLMNR_PORT;
  switch (isKnown ? port : otherPort) {
    case MDNS_PORT:
      return Service.MDNS;
    case LLMNR_PORT:
      return Service.LLMNR;
    default:
      return Service.DNS;
  }
}

/** True where any number of responses go to the group, not to the querier (RFC 6762, sections 5.4 and 6.7). */
function isAnsweredByMulticast(datagram: Datagram, { unicastDesired }: DnsRecord): boolean {
  return isToGroup(datagram) && datagram.srcPort === MDNS_PORT && unicastDesired !== true;
}

function isToGroup({ bytes, dstAddressStart, addressLength }: Datagram): boolean {
  const first = bytes[dstAddressStart]!;
  return addressLength === 16 ? first === 0xff : addressLength === 4 && first >= 0xe0;
}

function copyQuestion(from: Question, to: Question): void {
  to.queryName.set(from.queryName.bytes, 0, from.queryName.length);
  to.queryType = from.queryType;
  to.queryClass = from.queryClass;
  to.unicastDesired = from.unicastDesired;
}
