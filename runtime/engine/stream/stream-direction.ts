import { MAX_SURE_BYTES, SequenceDoubt } from "../../packet/sequence-doubt.js";
import { Timestamp } from "../../record/timestamp.js";
import { HeldBytes } from "./held-bytes.js";
import { type WaitingSegment, WaitingSegments } from "./waiting-segments.js";

/** One direction of a connection: its position in the stream, its unconsumed bytes, and segments that arrived early. */
export class StreamDirection {
  readonly held = new HeldBytes();
  /** Acknowledgment number that the sender of {@link held} sent with the last of these bytes. */
  heldAcknowledgement = 0;
  readonly waiting = new WaitingSegments();
  /** False until a first byte's sequence number is known. */
  isStarted = false;
  /** Sequence number, as a signed 32-bit integer, of the next byte. */
  next = 0;
  /** Number of bytes before {@link next}, lost ones included. */
  position = 0;
  /** Last acknowledgment number of the other side, as a signed 32-bit integer. */
  acknowledged = 0;
  /** Time and frame of the last delivered bytes. */
  readonly lastTime = new Timestamp();
  lastFrameNumber = 0;
  /** Bytes were lost, and no row shows it yet. */
  hasLoss = false;
  /** Number of future bytes that the decoder skips. */
  passOver = 0;
  /** The decoder was notified of the end. */
  isEnded = false;
  /** A segment far ahead of the stream, until it is confirmed. */
  doubtful: WaitingSegment | undefined;
  /** When bytes began to wait after a gap, by the capture's clock. */
  waitingSince = 0;
  /** Created for the first number far ahead, which most connections do not have. */
  #doubt: SequenceDoubt | undefined;
  #hasFinal = false;
  /** A FIN arrived that is far ahead of the stream. */
  #hasDoubtfulFinal = false;
  #finalSequence = 0;

  /** Memory of the direction, in bytes. */
  get costBytes(): number {
    return this.held.length + this.waiting.lengthBytes + (this.doubtful?.costBytes ?? 0);
  }

  /** All bytes before the FIN were delivered. */
  get isFinished(): boolean {
    return this.#hasFinal && this.isStarted && ((this.next - this.#finalSequence) | 0) >= 0;
  }

  /** Sets the end of the stream by the first FIN within it: `sequence` is the number after its last byte. */
  finishAt(sequence: number): void {
    const ahead = this.isStarted ? (sequence - this.next) | 0 : 0;
    if (this.#hasFinal || ahead < 0) return;
    this.#hasFinal = ahead <= MAX_SURE_BYTES;
    this.#hasDoubtfulFinal = !this.#hasFinal;
    this.#finalSequence = sequence | 0;
  }

  /** False for numbers far ahead of the stream that have not been confirmed yet; see {@link SequenceDoubt}. */
  believes(sequence: number, lengthBytes: number): boolean {
    const ahead = (sequence - this.next) | 0;
    if (ahead <= MAX_SURE_BYTES) return true;
    this.#doubt ??= new SequenceDoubt();
    if (!this.#doubt.believes(ahead, sequence, lengthBytes)) return false;
    if (this.#hasDoubtfulFinal) {
      this.#hasFinal = Math.abs((sequence - this.#finalSequence) | 0) <= MAX_SURE_BYTES;
      this.#hasDoubtfulFinal = !this.#hasFinal;
    }
    return true;
  }

  /** Advances the stream by `bytes`, and returns how many of them the decoder skips. */
  advance(bytes: number): number {
    const passed = Math.min(this.passOver, bytes);
    this.passOver -= passed;
    this.next = (this.next + bytes) | 0;
    this.position += bytes;
    return passed;
  }

  /** `sequence`, or that of the FIN if `sequence` is after it. */
  boundByFinal(sequence: number): number {
    return this.#hasFinal && ((sequence - this.#finalSequence) | 0) > 0 ? this.#finalSequence : sequence;
  }

  /** Sets the sequence number of the next byte. */
  startAt(sequence: number): void {
    this.isStarted = true;
    this.next = sequence | 0;
    this.acknowledged = this.next;
  }

  clear(): void {
    this.held.clear();
    this.waiting.clear();
    this.doubtful = undefined;
  }
}
