/** Packet numbers are integers of 62 bits (RFC 9000, section 12.3). */
const NUMBER_BITS = 62n;

/** The largest packet number of one side's Initial packets so far. */
export class PacketNumbers {
  #largest = -1n;

  /**
   * The whole packet number of which `truncated` are the last `numberBytes` bytes: the one that is next to the number expected (RFC 9000,
   * section 17.1 and appendix A.3).
   */
  expand(truncated: number, numberBytes: number): bigint {
    const expected = this.#largest + 1n;
    const window = 1n << BigInt(numberBytes * 8);
    const candidate = (expected & ~(window - 1n)) | BigInt(truncated);
    if (candidate <= expected - window / 2n && candidate < (1n << NUMBER_BITS) - window) return candidate + window;
    if (candidate > expected + window / 2n && candidate >= window) return candidate - window;
    return candidate;
  }

  /** A packet with this number was decrypted. */
  add(number: bigint): void {
    if (number > this.#largest) this.#largest = number;
  }
}
