import { Kind, Operation, State } from "../../generated/arp/arp_enums.js";
import type { ArpRecord } from "../../generated/arp/record.js";
import { type FrameDecoder, type Output, type Packet, uint16, uint32, Verdict } from "../../runtime/plugin/index.js";
import { AddressClaims } from "./address-claims.js";
import { completeRequest, pairingKey } from "./pairing.js";

/** Hardware and protocol type, their two address lengths, operation. */
const HEADER_BYTES = 8;
const ETHERNET = 1;
const IEEE_802 = 6;
const MAC_BYTES = 6;
/** ATM parts the length bytes in two (RFC 2225, section 8.7.1). */
const ATM = 19;
const IPV4 = 0x0800;
const IPV4_BYTES = 4;

const createClaims = () => new AddressClaims();

/**
 * ARP (RFC 826) for any hardware but ATM, and any protocol:
 *
 * ```
 *   ┌──────────┬──────────┬───┬───┬───────────┬────────────┬────────────┬────────────┬────────────┐
 *   │ hardware │ protocol │ h │ p │ operation │ sender's h │ sender's p │ target's h │ target's p │
 *   └──────────┴──────────┴───┴───┴───────────┴────────────┴────────────┴────────────┴────────────┘
 *        2          2       1   1       2           h            p            h            p
 * ```
 */
export const decodeFrame: FrameDecoder<ArpRecord> = (packet, out) => {
  const { bytes, start, end, isTruncated } = packet;
  const whole = end - start < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + 2 * (bytes[start + 4]! + bytes[start + 5]!);
  if (end - start < whole) return isTruncated ? Verdict.Truncated : Verdict.Malformed;
  const hardwareType = uint16(bytes, start);
  if (hardwareType === ATM) return Verdict.NotMine;
  const hasMacs = bytes[start + 4] === MAC_BYTES && (hardwareType === ETHERNET || hardwareType === IEEE_802);
  const hasAddresses = bytes[start + 5] === IPV4_BYTES && uint16(bytes, start + 2) === IPV4;
  const operation = uint16(bytes, start + 6);
  if (hasAddresses && (operation === Operation.REQUEST || operation === Operation.REPLY)) {
    emitResolution(packet, operation, hasMacs, out);
  } else {
    readPacket(packet, hasMacs, hasAddresses, out.record);
    out.emit();
  }
  return Verdict.Accepted;
};

/** A request or reply for an IPv4 address: what it is for, what it answers, what it claims. */
function emitResolution(packet: Readonly<Packet>, operation: number, hasMacs: boolean, out: Output<ArpRecord>): void {
  const { bytes, start } = packet;
  const senderHardware = start + HEADER_BYTES;
  const senderProtocol = senderHardware + bytes[start + 4]!;
  const targetProtocol = senderProtocol + IPV4_BYTES + bytes[start + 4]!;
  const sender = uint32(bytes, senderProtocol);
  const target = uint32(bytes, targetProtocol);
  const isReply = operation === Operation.REPLY;
  const isPaired = isReply && sender !== target && completeRequest(packet, target, sender, out);

  const { record } = out;
  readPacket(packet, hasMacs, true, record);
  if (sender === target && sender !== 0) record.kind = isReply ? Kind.GRATUITOUS : Kind.ANNOUNCEMENT;
  else if (sender === 0 && !isReply) record.kind = Kind.PROBE;
  if (hasMacs && sender !== 0) noteClaim(packet, senderProtocol, senderHardware, out);

  if (sender === target) out.emit();
  else if (isReply) {
    record.state = isPaired ? State.COMPLETE : out.isRepeated ? State.REPEATED : State.UNSOLICITED;
    out.emit();
  } else {
    record.state = State.UNANSWERED;
    out.hold(pairingKey(sender, target));
  }
}

function readPacket(packet: Readonly<Packet>, hasMacs: boolean, hasAddresses: boolean, record: ArpRecord): void {
  const { bytes, start } = packet;
  record.hardwareType = uint16(bytes, start);
  record.protocolType = uint16(bytes, start + 2);
  record.operation = uint16(bytes, start + 6);
  const senderHardware = start + HEADER_BYTES;
  const senderProtocol = senderHardware + bytes[start + 4]!;
  const targetHardware = senderProtocol + bytes[start + 5]!;
  const targetProtocol = targetHardware + bytes[start + 4]!;
  const end = targetProtocol + bytes[start + 5]!;
  (hasMacs ? record.senderMac : record.senderHardware).set(bytes, senderHardware, senderProtocol);
  (hasMacs ? record.targetMac : record.targetHardware).set(bytes, targetHardware, targetProtocol);
  (hasAddresses ? record.senderAddress : record.senderProtocol).set(bytes, senderProtocol, targetHardware);
  (hasAddresses ? record.targetAddress : record.targetProtocol).set(bytes, targetProtocol, end);
}

function noteClaim(packet: Readonly<Packet>, address: number, mac: number, out: Output<ArpRecord>): void {
  const claims = out.captureState(createClaims);
  if (!claims.claim(packet, address, mac)) return;
  const { record } = out;
  record.conflict = true;
  record.conflictMac.set(claims.otherMac, 0, MAC_BYTES);
  record.conflictFrame = claims.otherFrame;
  record.conflictAge = Math.max(0, packet.time.nanosecondsSince(claims.otherTime));
}
