import { uint24 } from "../../../runtime/plugin/index.js";
import { handshakeBuffers, type PooledBuffer } from "../reassembly/buffer-pool.js";

/** Types of handshake messages (RFC 8446, section 4; RFC 5246, section 7.4; RFC 6347, section 4.3.2). */
export const HandshakeType = {
  ClientHello: 1,
  ServerHello: 2,
  HelloVerifyRequest: 3,
  NewSessionTicket: 4,
  HelloRetryRequest: 6,
  Certificate: 11,
  ServerKeyExchange: 12,
  CertificateRequest: 13,
  ServerHelloDone: 14,
  CertificateStatus: 22,
} as const;

/** Type and length of a message. */
export const HANDSHAKE_HEADER_BYTES = 4;

/** Longest message that is reassembled: chains of certificates have some kilobytes, and OpenSSL refuses those of more than 100. */
export const MAX_MESSAGE_BYTES = 131072;
const FIRST_BYTES = 1024;

/** Takes one message: type and body `bytes[start, end)`, which is empty for a type that is not {@link isRead}. */
export type HandshakeListener = (type: number, bytes: Uint8Array, start: number, end: number) => void;

/** True for types whose body is read; of the others only the arrival matters. */
export function isRead(type: number): boolean {
  switch (type) {
    case HandshakeType.ClientHello:
    case HandshakeType.ServerHello:
    case HandshakeType.Certificate:
    case HandshakeType.ServerKeyExchange:
      return true;
    default:
      return false;
  }
}

/**
 * Splits the bytes of one direction into handshake messages: a record may contain several messages, and a message may continue in further
 * records. A message that is whole in one piece is read in place; any other is buffered until it is whole.
 */
export class HandshakeMessages {
  #hasLongMessage = false;
  readonly #listener: HandshakeListener;
  readonly #header = new Uint8Array(HANDSHAKE_HEADER_BYTES);
  /** Received bytes of a header that is incomplete. */
  #headerBytes = 0;
  /** Body of the message that is incomplete; undefined between messages. */
  #body: PooledBuffer | undefined;
  #bodyBytes = 0;
  /** Remaining bytes of an omitted message. */
  #toSkip = 0;

  constructor(listener: HandshakeListener) {
    this.#listener = listener;
  }

  /** True, once, after a message that was omitted: it exceeds the reassembly limit, or there was no room for it. */
  takeLongMessage(): boolean {
    const has = this.#hasLongMessage;
    this.#hasLongMessage = false;
    return has;
  }

  /** Takes the next piece, `bytes[at, end)`. */
  push(bytes: Uint8Array, at: number, end: number): void {
    while (at < end) {
      if (this.#toSkip > 0) {
        const skipped = Math.min(this.#toSkip, end - at);
        this.#toSkip -= skipped;
        at += skipped;
      } else if (this.#body !== undefined) at = this.#continue(this.#body, bytes, at, end);
      else if (this.#headerBytes === 0 && end - at >= HANDSHAKE_HEADER_BYTES) {
        at = this.#begin(bytes[at]!, uint24(bytes, at + 1), bytes, at + HANDSHAKE_HEADER_BYTES, end);
      } else {
        this.#header[this.#headerBytes++] = bytes[at++]!;
        if (this.#headerBytes < HANDSHAKE_HEADER_BYTES) continue;
        this.#headerBytes = 0;
        at = this.#begin(this.#header[0]!, uint24(this.#header, 1), bytes, at, end);
      }
    }
  }

  /** Passes the message that is incomplete to `listener`, as far as it was received. */
  readUnfinished(listener: HandshakeListener): void {
    const body = this.#body;
    if (body !== undefined && !body.isTakenBack) listener(this.#header[0]!, body.bytes, 0, this.#bodyBytes);
  }

  /** `lengthBytes` of the messages are lost; false if it is not known where the next message begins. */
  skipLost(lengthBytes: number): boolean {
    const rest = this.#body === undefined ? this.#toSkip : uint24(this.#header, 1) - this.#bodyBytes;
    this.#drop();
    this.#toSkip = Math.max(0, rest - lengthBytes);
    return lengthBytes <= rest && this.#headerBytes === 0;
  }

  /** Drops the message that is incomplete: the next piece begins one. */
  reset(): void {
    this.#headerBytes = 0;
    this.#drop();
    this.#toSkip = 0;
  }

  /** A message whose body begins at `at`; returns the position after the bytes that were taken. */
  #begin(type: number, length: number, bytes: Uint8Array, at: number, end: number): number {
    if (!isRead(type)) {
      this.#listener(type, bytes, at, at);
      this.#toSkip = length;
      return at;
    }
    if (at + length <= end) {
      this.#listener(type, bytes, at, at + length);
      return at + length;
    }
    if (length > MAX_MESSAGE_BYTES) return this.#omit(length, at);
    this.#header[0] = type;
    this.#header[1] = length >> 16;
    this.#header[2] = length >> 8;
    this.#header[3] = length;
    this.#body = handshakeBuffers.lend();
    this.#bodyBytes = 0;
    return this.#continue(this.#body, bytes, at, end);
  }

  /** Adds to the buffered message; returns the position after the bytes that were taken. */
  #continue(body: PooledBuffer, bytes: Uint8Array, at: number, end: number): number {
    const length = uint24(this.#header, 1);
    const next = Math.min(end, at + length - this.#bodyBytes);
    const keptBytes = this.#bodyBytes + next - at;
    if (keptBytes > body.bytes.length || body.isTakenBack) {
      const wanted = Math.min(length, Math.max(FIRST_BYTES, body.bytes.length * 2, keptBytes));
      if (!handshakeBuffers.extend(body, wanted)) return this.#omit(length - this.#bodyBytes, at);
    }
    body.bytes.set(bytes.subarray(at, next), this.#bodyBytes);
    this.#bodyBytes = keptBytes;
    if (keptBytes === length) {
      const whole = body.bytes;
      this.#drop();
      this.#listener(this.#header[0]!, whole, 0, length);
    }
    return next;
  }

  /** Skips the rest of a message; returns where that begins. */
  #omit(restBytes: number, at: number): number {
    this.#drop();
    this.#hasLongMessage = true;
    this.#toSkip = restBytes;
    return at;
  }

  #drop(): void {
    if (this.#body !== undefined) handshakeBuffers.giveBack(this.#body);
    this.#body = undefined;
  }
}
