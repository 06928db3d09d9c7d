import { State } from "../../generated/quic/quic_enums.js";
import { type Datagram, uint32, Verdict } from "../../runtime/plugin/index.js";
import type { AttemptRow } from "./attempt-row.js";
import { equalsId } from "./connection-ids.js";
import { findClientHello, readGoogleHello } from "./google-hello.js";
import { GOOGLE_ID_BYTES, type GooglePacket, googleVersion } from "./google-packet.js";
import { isFromServerPort } from "./server-port.js";
import { versionText } from "./versions.js";

/** From this version on a client that has the keys of the connection sends packets with a short header. */
const FIRST_WITH_SHORT_HEADER = 44;

/**
 * The connections of Google's versions before Q050 between two ports, one after the other, of which the client's CHLO is in the clear. What
 * follows shows no more than that there is an answer.
 */
export class GoogleConversation {
  readonly #newRow: () => AttemptRow;
  #row: AttemptRow | undefined;
  /** Of the last attempt. */
  #id = new Uint8Array(0);
  #version = 0;
  #isClientLower = false;
  #hasHello = false;
  #hasAnswer = false;
  #isOver = false;

  constructor(newRow: () => AttemptRow) {
    this.#newRow = newRow;
  }

  /** Whether packets with a short header may be of an attempt that is under way. */
  get isOpen(): boolean {
    return this.#row !== undefined && !this.#isOver;
  }

  /** Takes a datagram, which is one packet. */
  decode(datagram: Datagram, packet: GooglePacket): Verdict {
    const isFromServer = packet.isFromServer ?? this.#isFromServer(datagram);
    if (isFromServer) return this.#serverPacket(datagram, packet);
    const { bytes } = datagram;
    const { idStart } = packet;
    const isKnown =
      this.#row !== undefined && (idStart === -1 || equalsId(this.#id, bytes, idStart, idStart + GOOGLE_ID_BYTES));
    if (!isKnown) {
      // Under way already, or not Google's: a client's first packets have both.
      if (packet.version === 0 || idStart === -1) return this.#row === undefined ? Verdict.NotMine : Verdict.Accepted;
      this.#begin(datagram, packet);
    } else if (this.#isOver || this.#hasHello) return Verdict.Accepted;
    const isWhole = this.#hello(datagram, packet);
    this.#row?.close(false, false);
    return isWhole ? Verdict.Accepted : Verdict.Malformed;
  }

  /** A packet with a short header, of Q044 and later. */
  shortPacket(datagram: Datagram): void {
    if (this.#isOver || datagram.isFromLower !== this.#isClientLower) return;
    const row = this.#row!;
    const record = row.open(false);
    this.#isOver = true;
    if (record === undefined) return;
    record.state = this.#hasAnswer ? State.ESTABLISHED : State.INCOMPLETE;
    if (this.#hasAnswer) record.handshakeDuration = row.nanosecondsTo(datagram.time);
    row.close(true, false);
  }

  #isFromServer(datagram: Datagram): boolean {
    if (this.#row !== undefined) return datagram.isFromLower !== this.#isClientLower;
    return isFromServerPort(datagram);
  }

  #begin({ bytes, isFromLower }: Datagram, { version, idStart }: GooglePacket): void {
    this.#row = this.#newRow();
    this.#id = bytes.slice(idStart, idStart + GOOGLE_ID_BYTES);
    this.#version = version;
    this.#isClientLower = isFromLower;
    this.#hasHello = false;
    this.#hasAnswer = false;
    this.#isOver = false;
    const record = this.#row.open(false)!;
    record.state = State.UNANSWERED;
    record.version.setText(versionText(version));
    record.clientVersion.setText(versionText(version));
    record.originalConnectionId.set(bytes, idStart, idStart + GOOGLE_ID_BYTES);
  }

  /** Reads the CHLO that the packet may hold; false if it breaks the format. */
  #hello({ bytes, end, frameNumber }: Datagram, { contentStart }: GooglePacket): boolean {
    const message = findClientHello(bytes, contentStart, end);
    if (message === -1) return true;
    const record = this.#row!.open(false);
    if (record === undefined) {
      this.#isOver = true;
      return true;
    }
    this.#hasHello = true;
    record.helloFrame = frameNumber;
    if (readGoogleHello(record, bytes, message, end)) return true;
    record.malformed = true;
    return false;
  }

  #serverPacket(datagram: Datagram, packet: GooglePacket): Verdict {
    const row = this.#row;
    if (row === undefined) return Verdict.NotMine;
    if (this.#isOver || this.#hasAnswer) return Verdict.Accepted;
    const { bytes, end, time } = datagram;
    if (packet.idStart !== -1 && !equalsId(this.#id, bytes, packet.idStart, packet.idStart + GOOGLE_ID_BYTES)) {
      return Verdict.Accepted;
    }
    const record = row.open(true);
    this.#hasAnswer = true;
    const hasShortHeader = googleVersion(this.#version) >= FIRST_WITH_SHORT_HEADER;
    this.#isOver = record === undefined || !hasShortHeader || packet.isReset;
    if (record === undefined) return Verdict.Accepted;
    record.latency = row.nanosecondsTo(time);
    if (packet.isReset) record.state = State.FAILED;
    else if (hasShortHeader) record.state = State.INCOMPLETE;
    else if (packet.version === 0) record.state = State.ANSWERED;
    else {
      record.state = State.VERSION_REFUSED;
      const list = packet.idStart + GOOGLE_ID_BYTES;
      for (let at = list; at + 4 <= end; at += 4) record.serverVersions.pushText(versionText(uint32(bytes, at)));
    }
    row.close(this.#isOver, false);
    return Verdict.Accepted;
  }
}
