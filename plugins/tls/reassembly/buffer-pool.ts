const NO_BYTES = new Uint8Array(0);

/** Bytes in which a message is reassembled. */
export interface PooledBuffer {
  /** Empty once the pool has taken them back. */
  bytes: Uint8Array;
  isTakenBack: boolean;
}

/**
 * Lends buffers of at most `maxBytes` together, so that handshakes that begin and never continue cannot fill the memory: if there is no
 * room the oldest buffer is taken back. So is, in its turn, a buffer that its borrower never gave back.
 */
export class BufferPool {
  readonly #maxBytes: number;
  /** Oldest first. */
  readonly #lent = new Set<PooledBuffer>();
  #lentBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of all buffers that are lent. */
  get lentBytes(): number {
    return this.#lentBytes;
  }

  /** Lends a buffer, without bytes before it is extended. */
  lend(): PooledBuffer {
    return { bytes: NO_BYTES, isTakenBack: false };
  }

  /** Makes a buffer longer and keeps its content; false if it was taken back. */
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

/** Buffers for the unfinished messages of all handshakes: of thousands at once where a ClientHello is in two packets. */
export const handshakeBuffers = new BufferPool(16 * 1024 * 1024);
