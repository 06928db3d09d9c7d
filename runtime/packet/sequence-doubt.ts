/** Bytes that the next segment of a connection may be ahead of those before it without a doubt: few receive windows are larger. */
export const MAX_SURE_BYTES = 4 * 1024 * 1024;

/**
 * Judges numbers of TCP that are far ahead of their stream. A receiver discards segments outside its window, and acknowledgements of what was
 * not sent (RFC 9293, section 3.10.7.4), so anyone may send such ones and change nothing; but after a long loss in the capture the stream does
 * go on far ahead. One far number is in doubt until another one continues it.
 */
export class SequenceDoubt {
  /** Bytes of the segment that the last number confirmed, which came and were not counted, and the number of the first one. */
  confirmedBytes = 0;
  confirmedStart = 0;
  #hasDoubt = false;
  /** The number is not in doubt any more. */
  #isBelieved = false;
  /** Number of the byte after what is in doubt. */
  #end = 0;
  #lengthBytes = 0;

  /**
   * True if `lengthBytes` that begin at `sequence`, `ahead` bytes after the end of the stream so far, belong to the stream. `lengthBytes` is 0
   * for an acknowledgement.
   */
  believes(ahead: number, sequence: number, lengthBytes: number): boolean {
    if (ahead <= MAX_SURE_BYTES) return true;
    const since = (sequence - this.#end) | 0;
    const isAfter = since > 0 || (since === 0 && lengthBytes + this.#lengthBytes > 0);
    const isConfirmed = this.#hasDoubt && isAfter && since <= MAX_SURE_BYTES;
    this.confirmedBytes = isConfirmed && !this.#isBelieved ? this.#lengthBytes : 0;
    this.confirmedStart = (this.#end - this.confirmedBytes) | 0;
    // A confirmed number confirms what continues it.
    this.#hasDoubt = true;
    this.#isBelieved = isConfirmed;
    this.#end = (sequence + lengthBytes) | 0;
    this.#lengthBytes = lengthBytes;
    return isConfirmed;
  }
}
