const NO_BYTES = new Uint8Array(0);

/** Bytes that a message is put together in. */
export interface PooledBuffer {
  /** Empty once the pool has taken them back. */
  bytes: Uint8Array;
  isTakenBack: boolean;
}

/**
 * Lends buffers of at most `maxBytes` together, so that handshakes that are begun and never continue cannot fill the memory: where there is no
 * room the oldest buffer is taken back. One whose borrower is gone without a word is taken back in its turn.
 */
export class BufferPool {
  readonly #maxBytes: number;
  /** Oldest first. */
  readonly #lent = new Set<PooledBuffer>();
  #lentBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that are lent now. */
  get lentBytes(): number {
    return this.#lentBytes;
  }

  /** Lends a buffer, without bytes before it is extended. */
  lend(): PooledBuffer {
    return { bytes: NO_BYTES, isTakenBack: false };
  }

  /** Makes a buffer longer, with what it holds; false where it was taken back. */
  extend(buffer: PooledBuffer, lengthBytes: number): boolean {
    if (buffer.isTakenBack || lengthBytes > this.#maxBytes) return false;
    const extended = new Uint8Array(lengthBytes);
    extended.set(buffer.bytes);
    this.#lentBytes += lengthBytes - buffer.bytes.length;
    buffer.bytes = extended;
    this.#lent.add(buffer);
    for (const oldest of this.#lent) {
      if (this.#lentBytes <= this.#maxBytes) break;
      if (oldest !== buffer) this.giveBack(oldest);
    }
    return true;
  }

  /** Ends a loan. */
  giveBack(buffer: PooledBuffer): void {
    this.#lent.delete(buffer);
    this.#lentBytes -= buffer.bytes.length;
    buffer.bytes = NO_BYTES;
    buffer.isTakenBack = true;
  }
}

/** What all handshakes together may hold of messages that are not whole; thousands at once where a ClientHello is in two packets. */
export const handshakeBuffers = new BufferPool(16 * 1024 * 1024);
