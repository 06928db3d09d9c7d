import type { QuicRecord } from "../../generated/quic/record.js";
import { encodeText, uint32 } from "../../runtime/plugin/index.js";
import { writeEscaped } from "../tls/library.js";

/** Tags are four characters (QUIC Crypto, section "Handshake messages"). */
const Tag = { ClientHello: tag("CHLO"), ServerName: tag("SNI\0"), UserAgent: tag("UAID") } as const;
const HEADER_BYTES = 8;
const ENTRY_BYTES = 8;
/** Tags that a message may have. */
const MAX_TAGS = 128;

/** Bits of a STREAM frame's first byte (QUIC Wire Layout, section "STREAM frame"). */
const Stream = { Frame: 0x80, HasLength: 0x20 } as const;
/** The stream of the handshake. */
const CRYPTO_STREAM = 1;

/** Where a CHLO begins in frames that are not encrypted, of which the first is a STREAM frame; -1 for others. */
export function findClientHello(bytes: Uint8Array, at: number, end: number): number {
  if (at + 2 > end || (bytes[at]! & Stream.Frame) === 0 || (bytes[at]! & 3) !== 0 || bytes[at + 1] !== CRYPTO_STREAM)
    return -1;
  const offset = (bytes[at]! >> 2) & 7;
  const message = at + 2 + (offset === 0 ? 0 : offset + 1) + ((bytes[at]! & Stream.HasLength) !== 0 ? 2 : 0);
  return isClientHello(bytes, message, end) ? message : -1;
}

/** Whether a CHLO begins at `at`. */
export function isClientHello(bytes: Uint8Array, at: number, end: number): boolean {
  return at + HEADER_BYTES <= end && uint32(bytes, at) === Tag.ClientHello;
}

/**
 * Reads the CHLO at `at`, up to `end`, where its packet contains all of it; false if it breaks the format. Its numbers are little-endian.
 *
 * ```
 *   ┌──────┬───────┬───┬─────┬─────┬─────┬─────┬╌╌╌┬───────┬───────┬╌╌╌
 *   │ CHLO │ count │ 0 │ tag │ end │ tag │ end │   │ value │ value │
 *   └──────┴───────┴───┴─────┴─────┴─────┴─────┴╌╌╌┴───────┴───────┴╌╌╌
 *      4       2     2    4     4     4     4         n       n          bytes
 * ```
 */
export function readGoogleHello(record: QuicRecord, bytes: Uint8Array, at: number, end: number): boolean {
  const count = bytes[at + 4]! | (bytes[at + 5]! << 8);
  const values = at + HEADER_BYTES + count * ENTRY_BYTES;
  if (count > MAX_TAGS || values > end) return false;
  let start = values;
  for (let entry = at + HEADER_BYTES; entry < values; entry += ENTRY_BYTES) {
    const next = values + littleEndian(bytes, entry + 4);
    if (next < start || next > end) return false;
    const name = uint32(bytes, entry);
    const slot =
      name === Tag.ServerName ? record.hello.serverName : name === Tag.UserAgent ? record.userAgent : undefined;
    if (slot !== undefined && !slot.isPresent) writeEscaped(slot, bytes, start, next);
    start = next;
  }
  return true;
}

function littleEndian(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function tag(characters: string): number {
  return uint32(encodeText(characters), 0);
}
