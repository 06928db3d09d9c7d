import { uint24 } from "../../runtime/plugin/index.js";
import { HANDSHAKE_HEADER_BYTES, ScatteredBytes } from "../tls/library.js";

/** Bytes of one side's CRYPTO frames that are buffered; a ClientHello with large key shares has about two thousand. */
const MAX_BYTES = 32768;

/** The handshake messages in one side's Initial packets (RFC 9000, section 19.6). */
export class CryptoStream {
  /** Contents of the CRYPTO frames. */
  readonly bytes = new ScatteredBytes(MAX_BYTES);
  /** Where the next message begins. */
  #position = 0;

  /** No further messages are needed. */
  giveBack(): void {
    this.bytes.giveBack();
  }

  /** Type and place of the next message; undefined while it is incomplete. */
  next(): { type: number; start: number; end: number } | undefined {
    const { bytes, length } = this.bytes;
    const start = this.#position + HANDSHAKE_HEADER_BYTES;
    if (start > length) return undefined;
    const end = start + uint24(bytes, this.#position + 1);
    if (end > length) return undefined;
    const type = bytes[this.#position]!;
    this.#position = end;
    return { type, start, end };
  }
}
