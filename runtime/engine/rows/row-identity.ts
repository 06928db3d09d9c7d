import type { ByteSlot } from "../../record/byte-slot.js";
import type { Timestamp } from "../../record/timestamp.js";

const TWO_32 = 4294967296;

/**
 * Makes version 7 UUIDs (RFC 9562, section 5.7): Unix milliseconds, the fraction of the millisecond in 12 bits (section 6.2,
 * method 3), then 30 bits of the session and a 32-bit count, so that ids of one capture are unique and in order of time.
 */
export class RowIdentity {
  readonly #session: number;
  #count = 0;

  /** `session` is any 30-bit number: random for an agent, 0 for output that is the same in every run. */
  constructor(session: number) {
    this.#session = session & 0x3fffffff;
  }

  /** Writes the next id, for a row seen at `time`. */
  write(time: Timestamp, slot: ByteSlot): void {
    // 2^32 ns are 4294 ms and 967296 ns; every intermediate result stays below 2^53.
    const rest = time.high * 967296 + time.low;
    const milliseconds = time.high * 4294 + Math.floor(rest / 1e6);
    const fraction = Math.floor(((rest % 1e6) * 4096) / 1e6);
    const upper = Math.floor(milliseconds / 65536);
    const lower = milliseconds % 65536;
    const count = this.#count;
    this.#count = count + 1 === TWO_32 ? 0 : count + 1;
    const { bytes } = slot;
    bytes[0] = upper >>> 24;
    bytes[1] = upper >>> 16;
    bytes[2] = upper >>> 8;
    bytes[3] = upper;
    bytes[4] = lower >>> 8;
    bytes[5] = lower;
    bytes[6] = 0x70 | (fraction >>> 8);
    bytes[7] = fraction;
    bytes[8] = 0x80 | (this.#session >>> 24);
    bytes[9] = this.#session >>> 16;
    bytes[10] = this.#session >>> 8;
    bytes[11] = this.#session;
    bytes[12] = count >>> 24;
    bytes[13] = count >>> 16;
    bytes[14] = count >>> 8;
    bytes[15] = count;
    slot.length = 16;
    slot.isPresent = true;
  }
}
