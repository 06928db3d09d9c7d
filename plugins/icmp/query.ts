import { Kind, State } from "../../generated/icmp/icmp_enums.js";
import type { IcmpRecord } from "../../generated/icmp/record.js";
import { type Output, type Packet, uint16, uint32 } from "../../runtime/plugin/index.js";
import { readExtensions } from "./extensions.js";
import { IcmpType, Icmpv6Type } from "./icmp-types.js";
import { hopLimitOf, readHeader } from "./message-header.js";

/** Type, code, checksum, identifier, sequence number. */
const HEADER_BYTES = 8;
/** A timestamp message (RFC 792): the header and three times. */
const TIMESTAMP_BYTES = 20;
/** An address mask message (RFC 950): the header and the mask. */
const ADDRESS_MASK_BYTES = 12;
/** Bit A of an extended echo reply (RFC 8335, section 3). */
const ACTIVE = 0x04;

/** True for types of replies. */
export function isReply(ipVersion: number, type: number): boolean {
  if (ipVersion === 6) return type === Icmpv6Type.ECHO_REPLY || type === Icmpv6Type.EXTENDED_ECHO_REPLY;
  switch (type) {
    case IcmpType.ECHO_REPLY:
    case IcmpType.TIMESTAMP_REPLY:
    case IcmpType.INFORMATION_REPLY:
    case IcmpType.ADDRESS_MASK_REPLY:
    case IcmpType.EXTENDED_ECHO_REPLY:
      return true;
    default:
      return false;
  }
}

/** True for the kinds of queries and replies that an identifier and a sequence number pair. */
export function isQuery(kind: number): boolean {
  return kind >= Kind.ECHO && kind <= Kind.EXTENDED_ECHO;
}

/** Keeps a query until its reply arrives; false if its extensions break their format. */
export function holdQuery(packet: Readonly<Packet>, kind: number, out: Output<IcmpRecord>): boolean {
  const { bytes, start, end, isTruncated } = packet;
  const { record } = out;
  readQuery(record, packet, kind);
  const isWhole = kind !== Kind.EXTENDED_ECHO || readExtensions(record, bytes, start + HEADER_BYTES, end);
  record.malformed = !isWhole && !isTruncated;
  record.state = State.UNANSWERED;
  out.hold(keyOf(kind, record.identifier!, record.sequenceNumber!));
  return isWhole;
}

/** Makes a reply and its query a row. */
export function emitReply(packet: Readonly<Packet>, kind: number, out: Output<IcmpRecord>): void {
  const { bytes, start } = packet;
  const identifier = uint16(bytes, start + 4);
  const sequenceNumber = sequenceOf(bytes, start, kind);
  const { record } = out;
  let isPaired = out.resume(keyOf(kind, identifier, sequenceNumber));
  if (
    isPaired &&
    (record.kind !== kind || record.identifier !== identifier || record.sequenceNumber !== sequenceNumber)
  ) {
    out.putBack();
    isPaired = false;
  }
  if (isPaired) {
    record.state = State.COMPLETE;
    readTimes(record, packet);
  } else {
    record.state = out.isRepeated ? State.REPEATED : State.UNSOLICITED;
    readQuery(record, packet, kind);
  }
  if (isPaired || out.isRepeated) {
    const latency = packet.time.nanosecondsSince(out.requestTime);
    if (latency >= 0) record.latency = latency;
  }
  record.responseFrame = packet.frameNumber;
  record.responseCode = bytes[start + 1]!;
  record.responseHopLimit = hopLimitOf(packet);
  if (kind === Kind.EXTENDED_ECHO) record.interfaceActive = (bytes[start + 7]! & ACTIVE) !== 0;
  if (isPaired) out.emit();
  else out.emitReversed();
}

function readQuery(record: IcmpRecord, packet: Readonly<Packet>, kind: number): void {
  const { bytes, start } = packet;
  readHeader(record, packet, kind);
  record.identifier = uint16(bytes, start + 4);
  record.sequenceNumber = sequenceOf(bytes, start, kind);
  if (kind === Kind.ECHO) record.dataLength = Math.max(0, packet.payloadLengthBytes - HEADER_BYTES);
  readTimes(record, packet);
}

/** Reads the content of a timestamp or address mask message; that of the reply replaces that of the query. */
function readTimes(record: IcmpRecord, { bytes, start, end }: Readonly<Packet>): void {
  if (record.kind === Kind.TIMESTAMP && end - start >= TIMESTAMP_BYTES) {
    record.originateTimestamp = uint32(bytes, start + 8);
    record.receiveTimestamp = uint32(bytes, start + 12);
    record.transmitTimestamp = uint32(bytes, start + 16);
  } else if (record.kind === Kind.ADDRESS_MASK && end - start >= ADDRESS_MASK_BYTES) {
    record.addressMask.set(bytes, start + 8, start + 12);
  }
}

/** An extended echo has only eight bits (RFC 8335, section 2). */
function sequenceOf(bytes: Uint8Array, start: number, kind: number): number {
  return kind === Kind.EXTENDED_ECHO ? bytes[start + 6]! : uint16(bytes, start + 6);
}

/** Identifier and sequence number; different kinds with the same numbers mostly get different keys. */
function keyOf(kind: number, identifier: number, sequenceNumber: number): number {
  return (((identifier << 16) | sequenceNumber) ^ Math.imul(kind, 0x9e3779b1)) >>> 0;
}
