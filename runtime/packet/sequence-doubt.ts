/** Maximum distance in bytes between the next segment and the earlier ones that does not cause doubt: few receive windows are larger. */
export const MAX_SURE_BYTES = 4 * 1024 * 1024;

/**
 * Judges TCP sequence numbers that are far ahead of their stream. A receiver discards segments outside its window, and acknowledgments of
 * data that was not sent (RFC 9293, section 3.10.7.4), so forged ones have no effect; after a long loss in the capture, however, the stream
 * continues far ahead. One far number is in doubt until another one continues it.
 */
export class SequenceDoubt {
  /** Length and first number of the segment that the last number confirmed, which arrived before and was not counted. */
  confirmedBytes = 0;
  confirmedStart = 0;
  #hasDoubt = false;
  /** Clears the doubt. */
  #isBelieved = false;
  /** Number of the byte after the bytes in doubt. */
  #end = 0;
  #lengthBytes = 0;

  /**
   * Whether `lengthBytes` that begin at `sequence`, `ahead` bytes after the end of the stream so far, belong to the stream. `lengthBytes` is 0
   * for an acknowledgment.
   */
  believes(ahead: number, sequence: number, lengthBytes: number): boolean {
    if (ahead <= MAX_SURE_BYTES) return true;
    const since = (sequence - this.#end) | 0;
    const isAfter = since > 0 || (since === 0 && lengthBytes + this.#lengthBytes > 0);
    const isConfirmed = this.#hasDoubt && isAfter && since <= MAX_SURE_BYTES;
    this.confirmedBytes = isConfirmed && !this.#isBelieved ? this.#lengthBytes : 0;
    this.confirmedStart = (this.#end - this.confirmedBytes) | 0;
    // A confirmed number confirms its continuation.
    this.#hasDoubt = true;
    this.#isBelieved = isConfirmed;
    this.#end = (sequence + lengthBytes) | 0;
    this.#lengthBytes = lengthBytes;
    return isConfirmed;
  }
}
