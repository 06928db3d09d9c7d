import { Kind, State } from "../../generated/icmp/icmp_enums.js";
import type { IcmpRecord } from "../../generated/icmp/record.js";
import { type Output, type Packet, uint16, uint32 } from "../../runtime/plugin/index.js";
import { hopLimitOf, readHeader } from "./message-header.js";
import { readOptions } from "./neighbor-options.js";

const ADDRESS_BYTES = 16;
/** The header, a target, and in a redirect a destination, before the options (RFC 4861, sections 4.1 to 4.5). */
const SOLICITATION_BYTES = 8;
const ADVERTISEMENT_BYTES = 16;
const NEIGHBOR_BYTES = 24;
const REDIRECT_BYTES = 40;

// Flags of a router advertisement (RFC 4861, section 4.2; RFC 6275; RFC 4191) and of a neighbour's (section 4.4).
const MANAGED = 0x80;
const OTHER_CONFIGURATION = 0x40;
const HOME_AGENT = 0x20;
const ROUTER = 0x80;
const SOLICITED = 0x40;
const OVERRIDE = 0x20;

/** Fewest bytes of a message of this kind. */
export function neighborMessageBytes(kind: number): number {
  switch (kind) {
    case Kind.ROUTER_SOLICITATION:
      return SOLICITATION_BYTES;
    case Kind.ROUTER_ADVERTISEMENT:
      return ADVERTISEMENT_BYTES;
    case Kind.REDIRECT:
      return REDIRECT_BYTES;
    default:
      return NEIGHBOR_BYTES;
  }
}

/** Reads a router solicitation or advertisement or a redirect; false if an option breaks the format. */
export function readRouterMessage(record: IcmpRecord, { bytes, start, end }: Readonly<Packet>): boolean {
  if (record.kind === Kind.ROUTER_ADVERTISEMENT) {
    const flags = bytes[start + 5]!;
    record.advertisedHopLimit = bytes[start + 4]!;
    record.managed = (flags & MANAGED) !== 0;
    record.otherConfiguration = (flags & OTHER_CONFIGURATION) !== 0;
    record.homeAgent = (flags & HOME_AGENT) !== 0;
    record.routerPreference = (flags >> 3) & 3;
    record.routerLifetime = uint16(bytes, start + 6) * 1e9;
    record.reachableTime = uint32(bytes, start + 8) * 1e6;
    record.retransmissionTime = uint32(bytes, start + 12) * 1e6;
  } else if (record.kind === Kind.REDIRECT) {
    record.gateway.set(bytes, start + 8, start + 24);
    record.redirectedAddress.set(bytes, start + 24, start + REDIRECT_BYTES);
  }
  return readOptions(record, bytes, start + neighborMessageBytes(record.kind), end);
}

/** Makes a solicitation a row, at once or with its advertisement; false if an option breaks the format. */
export function takeSolicitation(packet: Readonly<Packet>, out: Output<IcmpRecord>): boolean {
  const { bytes, start, end, srcAddressStart, isTruncated } = packet;
  const { record } = out;
  readHeader(record, packet, Kind.NEIGHBOR_SOLICITATION);
  record.targetAddress.set(bytes, start + 8, start + NEIGHBOR_BYTES);
  const isWhole = readOptions(record, bytes, start + NEIGHBOR_BYTES, end);
  record.malformed = !isWhole && !isTruncated;
  // A check for duplicates waits for nobody's answer: whoever has the address tells all nodes (RFC 4862, section 5.4).
  if (isUnspecified(bytes, srcAddressStart)) out.emit();
  else {
    record.state = State.UNANSWERED;
    out.hold(keyOf(bytes, start + 8));
  }
  return isWhole;
}

/** Makes an advertisement a row, with the solicitation that it answers; false if an option breaks the format. */
export function takeAdvertisement(packet: Readonly<Packet>, out: Output<IcmpRecord>): boolean {
  const { bytes, start, end, isTruncated } = packet;
  const { record } = out;
  const flags = bytes[start + 4]!;
  const isSolicited = (flags & SOLICITED) !== 0;
  const isPaired = isSolicited && resumeSolicitation(packet, out);
  if (isPaired) {
    record.state = State.COMPLETE;
  } else {
    readHeader(record, packet, Kind.NEIGHBOR_ADVERTISEMENT);
    record.targetAddress.set(bytes, start + 8, start + NEIGHBOR_BYTES);
    if (isSolicited) record.state = out.isRepeated ? State.REPEATED : State.UNSOLICITED;
  }
  if (isPaired || (isSolicited && out.isRepeated)) {
    const latency = packet.time.nanosecondsSince(out.requestTime);
    if (latency >= 0) record.latency = latency;
  }
  record.fromRouter = (flags & ROUTER) !== 0;
  record.solicited = isSolicited;
  record.override = (flags & OVERRIDE) !== 0;
  const isWhole = readOptions(record, bytes, start + NEIGHBOR_BYTES, end);
  if (!isWhole && !isTruncated) record.malformed = true;
  if (isSolicited) {
    record.responseFrame = packet.frameNumber;
    record.responseCode = bytes[start + 1]!;
    record.responseHopLimit = hopLimitOf(packet);
  }
  if (isSolicited && !isPaired) out.emitReversed();
  else out.emit();
  return isWhole;
}

function resumeSolicitation({ bytes, start }: Readonly<Packet>, out: Output<IcmpRecord>): boolean {
  if (!out.resume(keyOf(bytes, start + 8))) return false;
  const { kind, targetAddress } = out.record;
  let isTarget = kind === Kind.NEIGHBOR_SOLICITATION;
  for (let i = 0; i < ADDRESS_BYTES; i++) isTarget &&= targetAddress.bytes[i] === bytes[start + 8 + i];
  if (!isTarget) out.putBack();
  return isTarget;
}

/** A hash of the target's address; others may have the same one. */
function keyOf(bytes: Uint8Array, at: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < ADDRESS_BYTES; i++) hash = Math.imul(hash ^ bytes[at + i]!, 0x01000193);
  return hash >>> 0;
}

function isUnspecified(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < ADDRESS_BYTES; i++) if (bytes[at + i] !== 0) return false;
  return true;
}
