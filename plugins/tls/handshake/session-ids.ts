/** Version and random, which precede the session id in both hellos. */
const FIXED_BYTES = 34;

/** The session ids of both hellos, up to TLS 1.2. */
export class SessionIds {
  /** Undefined if the ClientHello was not seen, or has no session id. */
  #offered: Uint8Array | undefined;
  /**
   * True if the server accepted the session that the client offered, false if it began another one (RFC 5246, section 7.4.1.3); with
   * a ticket the client invents an id, which the server returns in the same way (RFC 5077, section 3.4). Null if the client offered none.
   */
  isResumed: boolean | null = null;

  /** The body of the ClientHello. */
  offer(bytes: Uint8Array, at: number, end: number): void {
    const start = at + FIXED_BYTES + 1;
    const idEnd = start + (bytes[start - 1] ?? 0);
    if (start < idEnd && idEnd <= end) this.#offered = bytes.slice(start, idEnd);
  }

  /** The body of the ServerHello. */
  choose(bytes: Uint8Array, at: number, end: number): void {
    const offered = this.#offered;
    const start = at + FIXED_BYTES + 1;
    if (offered === undefined || start > end) return;
    let isSame = bytes[start - 1] === offered.length && start + offered.length <= end;
    for (let i = 0; i < offered.length && isSame; i++) isSame = bytes[start + i] === offered[i];
    this.isResumed = isSame;
  }
}
