import { HeldBytes } from "./held-bytes.js";
import { WaitingSegments } from "./waiting-segments.js";

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
  /** Bytes were lost, and no row shows it yet. */
  hasLoss = false;
  /** Bytes still to come that the decoder does not want. */
  passOver = 0;
  /** The decoder was notified of the end. */
  isEnded = false;
  /** When bytes began to wait after a gap, by the capture's clock. */
  waitingSince = 0;
  #hasFinal = false;
  #finalSequence = 0;

  /** What the direction keeps in memory, in bytes. */
  get costBytes(): number {
    return this.held.length + this.waiting.lengthBytes;
  }

  /** All bytes before the FIN were delivered. */
  get isFinished(): boolean {
    return this.#hasFinal && this.isStarted && ((this.next - this.#finalSequence) | 0) >= 0;
  }

  /** Sets the sequence number of the byte after the last one, of the first FIN only. */
  finishAt(sequence: number): void {
    if (this.#hasFinal) return;
    this.#hasFinal = true;
    this.#finalSequence = sequence | 0;
  }

  /** What comes next is the byte after `bytes` others, as many of which as the decoder does not want it has passed over: returns those. */
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
  }
}
