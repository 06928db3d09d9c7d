import type { QuicRecord } from "../../generated/quic/record.js";
import type { Output, Timestamp } from "../../runtime/plugin/index.js";

/** The row of an attempt, which the runtime holds between datagrams under a key of its own. */
export class AttemptRow {
  /** The runtime released the row: its time ended, or there was no room. */
  isGone = false;
  readonly #out: Output<QuicRecord>;
  readonly #key: number;
  #isHeld = false;
  #isOpen = false;

  /** `key` is another one for each attempt of a conversation. */
  constructor(out: Output<QuicRecord>, key: number) {
    this.#out = out;
    this.#key = key;
  }

  /** The row, for this datagram, of the server or of the client; undefined if the runtime released it. */
  open(isFromServer: boolean): QuicRecord | undefined {
    const out = this.#out;
    if (this.#isOpen) return out.record;
    if (this.#isHeld && !(isFromServer ? out.resume(this.#key) : out.resumeOwn(this.#key))) {
      this.isGone = true;
      return undefined;
    }
    this.#isOpen = true;
    return out.record;
  }

  /** Nanoseconds from the row's first packet to `time`; null if it begins in this datagram. */
  nanosecondsTo(time: Timestamp): number | null {
    if (!this.#isHeld) return null;
    const nanoseconds = time.nanosecondsSince(this.#out.requestTime);
    return nanoseconds < 0 ? null : nanoseconds;
  }

  /** Ends the datagram: an open row goes out when it `isComplete`, with source and destination exchanged when it `isReversed`. */
  close(isComplete: boolean, isReversed: boolean): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (isReversed) this.#out.emitReversed();
    else if (isComplete) this.#out.emit();
    else {
      this.#out.hold(this.#key);
      this.#isHeld = true;
    }
  }
}
