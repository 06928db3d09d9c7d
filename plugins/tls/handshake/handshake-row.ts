import type { TlsRecord } from "../../../generated/tls/record.js";
import type { Output, Timestamp } from "../../../runtime/plugin/index.js";

/** A conversation has one handshake at a time. */
const KEY = 0;

/** The row of a handshake, which the runtime keeps between the calls of the decoder. */
export class HandshakeRow {
  /** The runtime released the row: its time ended, or there was no room. */
  isGone = false;
  readonly #out: Output<TlsRecord>;
  #isHeld = false;
  #isOpen = false;

  constructor(out: Output<TlsRecord>) {
    this.#out = out;
  }

  /** The row to write in during this call, for a message of the client or of the server. */
  open(isFromServer: boolean): TlsRecord {
    const out = this.#out;
    if (this.#isOpen) return out.record;
    this.#isOpen = true;
    if (this.#isHeld && !(isFromServer ? out.resume(KEY) : out.resumeOwn(KEY))) this.isGone = true;
    return out.record;
  }

  /** Nanoseconds from the row's first packet to `time`; null if the row begins in this call or is gone. */
  nanosecondsTo(time: Timestamp): number | null {
    if (!this.#isHeld || this.isGone) return null;
    const nanoseconds = time.nanosecondsSince(this.#out.requestTime);
    return nanoseconds < 0 ? null : nanoseconds;
  }

  /**
   * Ends the call: an open row is emitted when it `isComplete`, with source and destination exchanged when it `isReversed`, and is kept
   * otherwise.
   */
  close(isComplete: boolean, isReversed: boolean): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.isGone) this.#out.putBack();
    else if (isReversed) this.#out.emitReversed();
    else if (isComplete) this.#out.emit();
    else {
      this.#out.hold(KEY);
      this.#isHeld = true;
    }
  }
}
