import { MAX_SURE_BYTES, SequenceDoubt } from "../../packet/sequence-doubt.js";
import { Timestamp } from "../../record/timestamp.js";
import { HeldBytes } from "./held-bytes.js";
import { type WaitingSegment, WaitingSegments } from "./waiting-segments.js";

/** One direction of a connection: where its stream is, what its decoder was not done with, and what came too early. */
export class StreamDirection {
  readonly held = new HeldBytes();
  /** What the sender of {@link held} acknowledged with the last of them. */
  heldAcknowledgement = 0;
  readonly waiting = new WaitingSegments();
  /** False until a first byte's sequence number is known. */
  isStarted = false;
  /** Sequence number, as a signed 32-bit integer, of the byte that comes next. */
  next = 0;
  /** Bytes before {@link next}, lost ones included. */
  position = 0;
  /** What the other side acknowledged last, as a signed 32-bit integer. */
  acknowledged = 0;
  /** When the last bytes came that were delivered, and in which frame. */
  readonly lastTime = new Timestamp();
  lastFrameNumber = 0;
  /** Bytes were lost, and no row shows it yet. */
  hasLoss = false;
  /** Bytes still to come that the decoder does not want. */
  passOver = 0;
  /** The decoder was notified of the end. */
  isEnded = false;
  /** The segment that is far ahead of the stream, until something confirms it. */
  doubtful: WaitingSegment | undefined;
  /** When bytes began to wait after a gap, by the capture's clock. */
  waitingSince = 0;
  /** Made when the first number far ahead comes: most connections see none. */
  #doubt: SequenceDoubt | undefined;
  #hasFinal = false;
  /** A FIN came that is far ahead of the stream. */
  #hasDoubtfulFinal = false;
  #finalSequence = 0;

  /** What the direction keeps in memory, in bytes. */
  get costBytes(): number {
    return this.held.length + this.waiting.lengthBytes + (this.doubtful?.costBytes ?? 0);
  }

  /** All bytes before the FIN were delivered. */
  get isFinished(): boolean {
    return this.#hasFinal && this.isStarted && ((this.next - this.#finalSequence) | 0) >= 0;
  }

  /** Sets where the stream ends, by the first FIN that is within it: `sequence` is the number after its last byte. */
  finishAt(sequence: number): void {
    const ahead = this.isStarted ? (sequence - this.next) | 0 : 0;
    if (this.#hasFinal || ahead < 0) return;
    this.#hasFinal = ahead <= MAX_SURE_BYTES;
    this.#hasDoubtfulFinal = !this.#hasFinal;
    this.#finalSequence = sequence | 0;
  }

  /** False for numbers far ahead of the stream that nothing has confirmed yet; see {@link SequenceDoubt}. */
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

  /** Moves the stream on by `bytes`, and returns how many of them the decoder had passed over. */
  advance(bytes: number): number {
    const passed = Math.min(this.passOver, bytes);
    this.passOver -= passed;
    this.next = (this.next + bytes) | 0;
    this.position += bytes;
    return passed;
  }

  /** `sequence`, or that of the FIN where it is after that. */
  boundByFinal(sequence: number): number {
    return this.#hasFinal && ((sequence - this.#finalSequence) | 0) > 0 ? this.#finalSequence : sequence;
  }

  /** Sets the sequence number of the byte that comes next. */
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
