import { type StreamSegment, StreamVerdict, uint16 } from "../../../runtime/plugin/index.js";
import type { Handshake } from "../handshake/handshake.js";
import { HandshakeMessages } from "../handshake/handshake-messages.js";
import { ContentType, isRecordHeader, RECORD_HEADER_BYTES } from "./record-header.js";

/** Level and description of an alert. */
const ALERT_BYTES = 2;
/** Longest record of alerts in the clear. */
const MAX_ALERT_BYTES = 64;
/** Segments after a gap that begin with no record, until the direction is given up. */
const MAX_LOST_SEGMENTS = 32;

/** The records of one direction of a TLS connection, brought to its handshake. */
export class RecordLayer {
  readonly #handshake: Handshake;
  readonly #messages: HandshakeMessages;
  /** Bytes of a record of handshake messages that are still to come. */
  #rest = 0;
  #hasBegun = false;
  /** It is not known where the next record begins. */
  #isLost = false;
  #lostSegments = 0;
  /** Level of an alert whose description comes in the next record; -1 for none. */
  #alertLevel = -1;

  constructor(handshake: Handshake) {
    this.#handshake = handshake;
    this.#messages = new HandshakeMessages((type, bytes, start, end) => handshake.message(type, bytes, start, end));
  }

  /** True until the first record. */
  get isFresh(): boolean {
    return !this.#hasBegun;
  }

  /** A message of another form stood for the first record. */
  skipFirst(): void {
    this.#hasBegun = true;
  }

  /** As `StreamDecoder.decode` of this direction, from `at` on: bytes that are done with, counted from `at`, or a verdict. */
  decode({ bytes, end }: StreamSegment, start: number): number {
    const handshake = this.#handshake;
    for (let at = start; ; ) {
      if (handshake.isOver) return StreamVerdict.Done;
      if (this.#rest > 0) {
        if (at === end) return end - start;
        const next = Math.min(end, at + this.#rest);
        this.#rest -= next - at;
        this.#messages.push(bytes, at, next);
        if (this.#messages.takeLongMessage()) handshake.markOmitted();
        at = next;
        continue;
      }
      if (at + RECORD_HEADER_BYTES > end) return at - start;
      if (!isRecordHeader(bytes, at)) {
        if (this.#isLost) return this.#passOver(end - start);
        handshake.breakOff();
        return this.#hasBegun ? StreamVerdict.Malformed : StreamVerdict.NotMine;
      }
      this.#hasBegun = true;
      this.#isLost = false;
      const type = bytes[at]!;
      const body = at + RECORD_HEADER_BYTES;
      const length = uint16(bytes, at + 3);
      if (type === ContentType.Heartbeat) at = body + length;
      else if (handshake.isProtected(type === ContentType.ApplicationData)) {
        handshake.protectedRecord(type === ContentType.Alert || handshake.isAlertLength(length));
        at = body + length;
      } else if (type === ContentType.Handshake) {
        this.#rest = length;
        at = body;
      } else {
        if (length > MAX_ALERT_BYTES) {
          handshake.breakOff();
          return StreamVerdict.Malformed;
        }
        if (body + length > end) return at - start;
        if (type === ContentType.ChangeCipherSpec) handshake.changeCipherSpec();
        else if (!this.#alerts(bytes, body, body + length)) return StreamVerdict.Malformed;
        at = body + length;
      }
      // The rest of a record that is not read is passed over before it comes.
      if (at > end) return handshake.isOver ? StreamVerdict.Done : at - start;
    }
  }

  /** As `StreamDecoder.gap` of this direction. */
  gap(lengthBytes: number): void {
    const isInside = this.#rest > 0 && lengthBytes > 0 && lengthBytes <= this.#rest;
    if (isInside && this.#messages.skipLost(lengthBytes)) {
      this.#rest -= lengthBytes;
      return;
    }
    this.#rest = 0;
    this.#alertLevel = -1;
    this.#messages.reset();
    this.#isLost = true;
  }

  /** Brings the message that is not whole to the handshake, as far as it came: the rest will not come, or is lost where `isLost`. */
  readUnfinished(isLost: boolean): void {
    this.#messages.readUnfinished((type, bytes, start, end) =>
      this.#handshake.unfinishedMessage(type, bytes, start, end, isLost),
    );
  }

  /**
   * A record of alerts in the clear. Up to TLS 1.2 it may have several, or a part of one (RFC 5246, section 6.2.1); false where it breaks the
   * format, as anything but one whole alert does in TLS 1.3 (RFC 8446, section 5.1).
   */
  #alerts(bytes: Uint8Array, start: number, end: number): boolean {
    const handshake = this.#handshake;
    for (let at = start; at < end && !handshake.isOver; at++) {
      if (handshake.isTls13 && (end - start < ALERT_BYTES || at - start === ALERT_BYTES)) {
        handshake.breakOff();
        return false;
      }
      if (this.#alertLevel === -1) this.#alertLevel = bytes[at]!;
      else {
        handshake.alert(this.#alertLevel, bytes[at]!);
        this.#alertLevel = -1;
      }
    }
    return true;
  }

  #passOver(lengthBytes: number): number {
    if (++this.#lostSegments < MAX_LOST_SEGMENTS) return lengthBytes;
    this.#handshake.giveUp();
    return StreamVerdict.Done;
  }
}
