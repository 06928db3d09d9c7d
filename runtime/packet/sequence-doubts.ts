import { MAX_SURE_BYTES, SequenceDoubt } from "./sequence-doubt.js";

/** A {@link SequenceDoubt} for each side of the connections that need one, by the slot of their conversation. */
export class SequenceDoubts {
  /** As {@link SequenceDoubt.confirmedBytes} and {@link SequenceDoubt.confirmedStart} of the last call of {@link believes}. */
  confirmedBytes = 0;
  confirmedStart = 0;
  readonly #doubts = new Map<number, SequenceDoubt>();

  /** As {@link SequenceDoubt.believes}, for one side, 0 or 1. */
  believes(slot: number, side: number, ahead: number, sequence: number, lengthBytes: number): boolean {
    this.confirmedBytes = 0;
    if (ahead <= MAX_SURE_BYTES) return true;
    const key = slot * 2 + side;
    let doubt = this.#doubts.get(key);
    if (doubt === undefined) {
      doubt = new SequenceDoubt();
      this.#doubts.set(key, doubt);
    }
    const isBelieved = doubt.believes(ahead, sequence, lengthBytes);
    this.confirmedBytes = doubt.confirmedBytes;
    this.confirmedStart = doubt.confirmedStart;
    return isBelieved;
  }

  /** Called when the conversation in `slot` ended. */
  forget(slot: number): void {
    if (this.#doubts.size === 0) return;
    this.#doubts.delete(slot * 2);
    this.#doubts.delete(slot * 2 + 1);
  }
}
