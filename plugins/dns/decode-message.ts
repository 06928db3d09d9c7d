import { Opcode, Service, State } from "../../generated/dns/dns_enums.js";
import type { DnsRecord } from "../../generated/dns/record.js";
import { ByteSlot, type Output, uint16, Verdict } from "../../runtime/plugin/index.js";
import type { Message } from "./message.js";
import {
  canHoldEntries,
  HEADER_BYTES,
  isPlausible,
  isResponse,
  readQueryHeader,
  readRecordCounts,
  readResponseHeader,
} from "./message-header.js";
import type { PrecedingResponse } from "./preceding-response.js";
import { hashQuestion, isSameQuestion, type Question, readQuestion, readQuestions, skipQuestions } from "./question.js";
import { forgetRecords, readRecords } from "./resource-records.js";

const DNS_PORT = 53;
const MDNS_PORT = 5353;
const LLMNR_PORT = 5355;

/** The question of a response until it is known whether it is the query's. */
const repeated: Question = { queryName: new ByteSlot(1012), queryType: null, queryClass: null, unicastDesired: null };

/**
 * Decodes a DNS message (RFC 1035), and pairs queries with responses by conversation, id and question. `preceding` is the response before
 * it in a stream, which a response then becomes.
 *
 * A message with a whole header becomes a row. If its first question is broken and the message is too short for the other entries it counts, it
 * belongs to another protocol (DNSCrypt). One that breaks is `malformed`, counted as such, and a row all the same, with what stands before the
 * break; one that the capture truncated is accepted.
 */
export function decodeMessage(message: Message, out: Output<DnsRecord>, preceding?: PrecedingResponse): Verdict {
  const { bytes, start, end } = message;
  if (end - start < HEADER_BYTES) return Verdict.Truncated;
  if (!isPlausible(bytes, start, message.payloadLengthBytes)) return Verdict.NotMine;
  return isResponse(bytes, start) ? decodeResponse(message, out, preceding) : decodeQuery(message, out);
}

function decodeQuery(message: Message, out: Output<DnsRecord>): Verdict {
  const { bytes, start, end } = message;
  const { record } = out;
  const service = serviceOf(message.dstPort, message.srcPort);
  const isMulticastDns = service === Service.MDNS;
  readQueryHeader(record, bytes, start, service);
  let at = start + HEADER_BYTES;
  if (record.questionCount > 0) {
    at = readQuestion(record, bytes, at, start, end, isMulticastDns);
    if (at === -1 && !canHoldEntries(bytes, start, message.payloadLengthBytes, 1)) return Verdict.NotMine;
    if (at !== -1 && record.questionCount > 1)
      at = readQuestions(record, record.questionCount, bytes, start + HEADER_BYTES, start, end);
  }
  // Answers or authority records, which most queries do not have.
  if ((uint16(bytes, start + 6) | uint16(bytes, start + 8)) > 0) readRecordCounts(record, bytes, start);
  if (at !== -1) at = readRecords(record, bytes, at, start, end, isMulticastDns, false, false, true);
  if (at === -1 && !message.isTruncated) record.malformed = true;
  const verdict = record.malformed ? Verdict.Malformed : Verdict.Accepted;
  if (isMulticastDns && isAnsweredByMulticast(message, record)) {
    record.state = State.MULTICAST;
    out.emit();
  } else {
    record.state = State.UNANSWERED;
    out.hold(record.transactionId, hashQuestion(record));
  }
  return verdict;
}

function decodeResponse(message: Message, out: Output<DnsRecord>, preceding: PrecedingResponse | undefined): Verdict {
  const { bytes, start, end } = message;
  const { record } = out;
  const service = serviceOf(message.srcPort, message.dstPort);
  const isMulticastDns = service === Service.MDNS;
  const questionCount = uint16(bytes, start + 4);
  let at = start + HEADER_BYTES;
  repeated.queryName.reset();
  if (questionCount > 0) {
    at = readQuestion(repeated, bytes, at, start, end, isMulticastDns);
    if (at === -1 && !canHoldEntries(bytes, start, message.payloadLengthBytes, 1)) return Verdict.NotMine;
  }
  const isMulticast = isMulticastDns && isToGroup(message);
  const id = uint16(bytes, start);
  const isAsked = questionCount > 0 && at !== -1;
  // Servers that do not understand a query, and multicast DNS, leave the question out; captures cut it.
  const question = isAsked ? hashQuestion(repeated) : 0;
  const canPair = !isMulticast && (at !== -1 || message.isTruncated);
  let isPaired = canPair && out.resume(id, question);
  const isRepeated = canPair && out.isRepeated;
  if (isPaired && isAsked && !isSameQuestion(record, repeated)) {
    out.putBack();
    isPaired = false;
  }
  if (isPaired) {
    record.state = State.COMPLETE;
    setLatency(record, message, out);
    preceding?.set(id, isAsked ? question : hashQuestion(record), record.queryType);
  } else {
    record.state = isMulticast
      ? State.MULTICAST
      : isRepeated
        ? State.REPEATED
        : (preceding?.stateOfNext(id, questionCount > 0, question) ?? State.UNSOLICITED);
    if (record.state === State.UNSOLICITED) preceding?.set(id, question, isAsked ? repeated.queryType : null);
    if (isRepeated) setLatency(record, message, out);
    readQueryHeader(record, bytes, start, service);
    if (questionCount > 0 && at !== -1) copyQuestion(repeated, record);
  }
  record.responseFrame = message.frameNumber;
  readResponseHeader(record, bytes, start);
  // The records of an update are its query's; those of other queries give way to the response's.
  const isUpdated = isPaired && record.opcode === Opcode.UPDATE && record.answerCount !== null;
  if (!isUpdated) {
    if (isPaired) forgetRecords(record);
    readRecordCounts(record, bytes, start);
  }
  if (questionCount > 1 && at !== -1) {
    at = isPaired
      ? skipQuestions(questionCount - 1, bytes, at, end)
      : readQuestions(record, questionCount, bytes, start + HEADER_BYTES, start, end);
  }
  if (at !== -1) at = readRecords(record, bytes, at, start, end, isMulticastDns, true, isPaired, !isUpdated);
  const isMalformed = at === -1 && !message.isTruncated;
  if (isMalformed) record.malformed = true;
  if (!isPaired && !isMulticast) out.emitReversed();
  else out.emit();
  return isMalformed ? Verdict.Malformed : Verdict.Accepted;
}

function setLatency(record: DnsRecord, message: Message, out: Output<DnsRecord>): void {
  const latency = message.time.nanosecondsSince(out.requestTime);
  if (latency >= 0) record.latency = latency;
}

/** The service of a server at `port`; `otherPort` decides where that is not one of the plugin's ports. */
function serviceOf(port: number, otherPort: number): number {
  const isKnown = port === DNS_PORT || port === MDNS_PORT || port === LLMNR_PORT;
  switch (isKnown ? port : otherPort) {
    case MDNS_PORT:
      return Service.MDNS;
    case LLMNR_PORT:
      return Service.LLMNR;
    default:
      return Service.DNS;
  }
}

/** Whether any number of responses go to the group, not to the querier (RFC 6762, sections 5.4 and 6.7). */
function isAnsweredByMulticast(message: Message, { unicastDesired }: DnsRecord): boolean {
  return isToGroup(message) && message.srcPort === MDNS_PORT && unicastDesired !== true;
}

function isToGroup({ bytes, dstAddressStart, addressLength }: Message): boolean {
  const first = bytes[dstAddressStart]!;
  return addressLength === 16 ? first === 0xff : addressLength === 4 && first >= 0xe0;
}

function copyQuestion(from: Question, to: Question): void {
  to.queryName.set(from.queryName.bytes, 0, from.queryName.length);
  to.queryType = from.queryType;
  to.queryClass = from.queryClass;
  to.unicastDesired = from.unicastDesired;
}
