import type { TlsRecord } from "../../../generated/tls/record.js";
import { type Datagram, type Output, uint16, Verdict } from "../../../runtime/plugin/index.js";
import { Handshake } from "../handshake/handshake.js";
import { HandshakeType } from "../handshake/handshake-messages.js";
import { ContentType } from "../record/record-header.js";
import { DatagramMessages, FRAGMENT_HEADER_BYTES } from "./datagram-messages.js";
import { DATAGRAM_RECORD_HEADER_BYTES, datagramRecordEnd, epochOf, isUnifiedHeader } from "./datagram-record.js";

/** A handshake with the reassembly of both directions. */
interface Session {
  readonly handshake: Handshake;
  readonly isClientLower: boolean;
  readonly client: DatagramMessages;
  readonly server: DatagramMessages;
  /** Two bytes of the ClientHello's random, -1 without one. */
  readonly random: number;
}

/** The DTLS handshakes of one conversation, one after another. */
export class DtlsConversation {
  readonly #out: Output<TlsRecord>;
  /** Undefined before the first unencrypted message. */
  #session: Session | undefined;

  constructor(out: Output<TlsRecord>) {
    this.#out = out;
  }

  /** Takes one datagram. */
  decode(datagram: Datagram): Verdict {
    const { bytes, start, end, isTruncated } = datagram;
    if (end === start) return Verdict.NotMine;
    const first = datagramRecordEnd(bytes, start, end);
    if (first === -1) {
      if (this.#session === undefined) return Verdict.NotMine;
      if (!isUnifiedHeader(bytes, start)) return isTruncated ? Verdict.Truncated : Verdict.NotMine;
    } else if (isHandshake(bytes, start, first)) this.#openSession(datagram, bytes, start);
    const session = this.#session;
    if (session === undefined || session.handshake.isOver) return Verdict.Accepted;
    const { handshake } = session;
    const isFromServer = datagram.isFromLower !== session.isClientLower;
    handshake.begin({ isFromServer, time: datagram.time, frameNumber: datagram.frameNumber });
    const isWhole = decodeRecords(session, isFromServer ? session.server : session.client, bytes, start, end);
    handshake.close();
    return isWhole || isTruncated ? Verdict.Accepted : Verdict.Malformed;
  }

  /** A handshake begins with the first message; once it is over, a ClientHello with another random begins the next one. */
  #openSession(datagram: Datagram, bytes: Uint8Array, at: number): void {
    const message = at + DATAGRAM_RECORD_HEADER_BYTES;
    const isFromClient = bytes[message] === HandshakeType.ClientHello;
    const random = isFromClient ? uint16(bytes, message + FRAGMENT_HEADER_BYTES + 8) : -1;
    const session = this.#session;
    if (session !== undefined) {
      const isAnother = session.handshake.isOver && isFromClient && session.random !== random;
      if (!isAnother) return;
    }
    const handshake = new Handshake(this.#out, true);
    const messages = () =>
      new DatagramMessages((type, source, start, end) => handshake.message(type, source, start, end));
    const isClientLower = isFromClient === datagram.isFromLower;
    this.#session = { handshake, isClientLower, client: messages(), server: messages(), random };
  }
}

/** Passes the records of a datagram to the handshake; false if they break the format. */
function decodeRecords(
  { handshake }: Session,
  messages: DatagramMessages,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  for (let at = start, next: number; at < end; at = next) {
    next = datagramRecordEnd(bytes, at, end);
    if (next === -1) {
      // An encrypted record of DTLS 1.3, whose header does not state how long it is, ends the datagram.
      if (!isUnifiedHeader(bytes, at)) return false;
      handshake.protectedRecord(false);
      return true;
    }
    const type = bytes[at];
    const fragment = at + DATAGRAM_RECORD_HEADER_BYTES;
    if (epochOf(bytes, at) > 0 || type === ContentType.Tls12Cid) handshake.protectedRecord(type === ContentType.Alert);
    else if (type === ContentType.ChangeCipherSpec) handshake.changeCipherSpec();
    else if (type === ContentType.Alert && next - fragment >= 2) {
      handshake.alert(bytes[fragment]!, bytes[fragment + 1]!);
    } else if (type === ContentType.Handshake) {
      if (!messages.push(bytes, fragment, next)) {
        handshake.breakOff();
        return false;
      }
      if (messages.takeLongMessage()) handshake.markOmitted();
    }
  }
  return true;
}

/** True for a record of unencrypted handshake messages with room for the random of a hello. */
function isHandshake(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== ContentType.Handshake || epochOf(bytes, at) !== 0) return false;
  return end - at >= DATAGRAM_RECORD_HEADER_BYTES + FRAGMENT_HEADER_BYTES + 10;
}
