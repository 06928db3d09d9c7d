import { type StreamSegment, StreamVerdict, uint16 } from "../../../runtime/plugin/index.js";
import type { Handshake } from "../handshake/handshake.js";
import { HandshakeMessages } from "../handshake/handshake-messages.js";
import { ContentType, isRecordHeader, RECORD_HEADER_BYTES } from "./record-header.js";

/** Level and description of an alert. */
const ALERT_BYTES = 2;
/** Longest record of unencrypted alerts. */
const MAX_ALERT_BYTES = 64;
/** Segments after a gap that do not begin with a record, before the direction is given up. */
const MAX_LOST_SEGMENTS = 32;

/** The records of one direction of a TLS connection, which it passes to the handshake. */
export class RecordLayer {
  readonly #handshake: Handshake;
  readonly #messages: HandshakeMessages;
  /** Remaining bytes of a record of handshake messages. */
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

  /** The first record was a message of another form. */
  skipFirst(): void {
    this.#hasBegun = true;
  }

  /** As `StreamDecoder.decode` of this direction, from `start` on: the number of bytes that were consumed, or a verdict. */
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
      // The rest of a record that is not read is skipped before it arrives.
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

  /** Passes the unfinished message to the handshake, as far as it was received: its rest will not come, or is lost where `isLost`. */
  readUnfinished(isLost: boolean): void {
    this.#messages.readUnfinished((type, bytes, start, end) =>
      this.#handshake.unfinishedMessage(type, bytes, start, end, isLost),
    );
  }

  /**
   * A record of unencrypted alerts. Up to TLS 1.2 it may contain several, or a part of one (RFC 5246, section 6.2.1); false if it breaks the
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
