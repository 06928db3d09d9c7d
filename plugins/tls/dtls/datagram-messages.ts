import { uint16, uint24 } from "../../../runtime/plugin/index.js";
import { type HandshakeListener, isRead, MAX_MESSAGE_BYTES } from "../handshake/handshake-messages.js";
import { ScatteredBytes } from "../reassembly/scattered-bytes.js";

/**
 * Bytes of a handshake message's header in DTLS (RFC 6347, section 4.2.2).
 *
 * ```
 *   ┌──────┬────────┬──────────────────┬─────────────────┬─────────────────┬──────────┐
 *   │ type │ length │ message sequence │ fragment offset │ fragment length │ fragment │
 *   └──────┴────────┴──────────────────┴─────────────────┴─────────────────┴──────────┘
 *      1       3             2                  3                 3             n      bytes
 * ```
 */
export const FRAGMENT_HEADER_BYTES = 12;

/** Messages that are reassembled at once; a flight has three that are read. */
const MAX_OPEN_MESSAGES = 4;
/** Messages of a handshake by whose number repeated ones are recognized. */
const MAX_MESSAGES = 32;

/** Reassembles the handshake messages of one direction of DTLS from fragments in any order; each is reported once. */
export class DatagramMessages {
  #hasLongMessage = false;
  readonly #listener: HandshakeListener;
  /** Messages of which fragments are missing, by sequence. */
  readonly #open = new Map<number, ScatteredBytes>();
  /** A bit for each message that was reported, by sequence. */
  #reported = 0;

  constructor(listener: HandshakeListener) {
    this.#listener = listener;
  }

  /** True, once, after a message that was omitted: it exceeds the reassembly limit, or there was no room for it. */
  takeLongMessage(): boolean {
    const has = this.#hasLongMessage;
    this.#hasLongMessage = false;
    return has;
  }

  /** Takes the fragments of one record, `bytes[at, end)`; false if they break the format. */
  push(bytes: Uint8Array, at: number, end: number): boolean {
    while (at < end) {
      if (at + FRAGMENT_HEADER_BYTES > end) return false;
      const length = uint24(bytes, at + 1);
      const sequence = uint16(bytes, at + 4);
      const offset = uint24(bytes, at + 6);
      const start = at + FRAGMENT_HEADER_BYTES;
      const next = start + uint24(bytes, at + 9);
      if (next > end || offset + next - start > length) return false;
      this.#fragment(bytes[at]!, length, sequence, offset, bytes, start, next);
      at = next;
    }
    return true;
  }

  #fragment(
    type: number,
    length: number,
    sequence: number,
    offset: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    if (sequence >= MAX_MESSAGES || (this.#reported & (1 << sequence)) !== 0) return;
    if (!isRead(type)) this.#report(sequence, type, bytes, start, start);
    else if (offset === 0 && end - start === length) this.#report(sequence, type, bytes, start, end);
    else if (length > MAX_MESSAGE_BYTES) {
      this.#hasLongMessage = true;
      this.#reported |= 1 << sequence;
    } else {
      let message = this.#open.get(sequence);
      if (message === undefined) {
        if (this.#open.size === MAX_OPEN_MESSAGES) return;
        message = new ScatteredBytes(length);
        this.#open.set(sequence, message);
      }
      message.add(offset, bytes, start, end);
      if (message.overflowed) this.#hasLongMessage = true;
      if (message.length === length) this.#report(sequence, type, message.bytes, 0, length);
    }
  }

  #report(sequence: number, type: number, bytes: Uint8Array, start: number, end: number): void {
    this.#reported |= 1 << sequence;
    this.#open.get(sequence)?.giveBack();
    this.#open.delete(sequence);
    this.#listener(type, bytes, start, end);
  }
}
