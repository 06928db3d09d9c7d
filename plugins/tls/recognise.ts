import { uint16, uint24 } from "../../runtime/plugin/index.js";
import { FRAGMENT_HEADER_BYTES } from "./dtls/datagram-messages.js";
import { DATAGRAM_RECORD_HEADER_BYTES, datagramRecordEnd, epochOf, isDatagramVersion } from "./dtls/datagram-record.js";
import { HANDSHAKE_HEADER_BYTES, HandshakeType } from "./handshake/handshake-messages.js";
import { ssl2ClientHelloBytes } from "./handshake/ssl2.js";
import { ContentType, isRecordHeader, RECORD_HEADER_BYTES } from "./record/record-header.js";

/** Version and random, which begin both hellos. */
const HELLO_FIXED_BYTES = 34;
const MAX_SESSION_ID_BYTES = 32;

/** Whether a stream that begins with `bytes[at, end)` begins with a hello of either side: header, message header and first fields fit. */
export function isTlsStart(bytes: Uint8Array, at: number, end: number): boolean {
  if (ssl2ClientHelloBytes(bytes, at, end) > 0) return true;
  const message = at + RECORD_HEADER_BYTES;
  const body = message + HANDSHAKE_HEADER_BYTES;
  if (body + HELLO_FIXED_BYTES >= end || bytes[at] !== ContentType.Handshake || !isRecordHeader(bytes, at))
    return false;
  const type = bytes[message];
  if (type !== HandshakeType.ClientHello && type !== HandshakeType.ServerHello) return false;
  const recordBytes = uint16(bytes, at + 3);
  const messageBytes = HANDSHAKE_HEADER_BYTES + uint24(bytes, message + 1);
  // A ServerHello may have other messages after it; a ClientHello may continue in another record.
  const fits = type === HandshakeType.ServerHello ? messageBytes <= recordBytes : recordBytes <= messageBytes;
  return fits && isHelloStart(bytes, body);
}

/** Whether `bytes[at, end)`, the beginning of a stream, may begin such a hello but are too few for {@link isTlsStart}. */
export function isTlsStartTooShort(bytes: Uint8Array, at: number, end: number): boolean {
  const message = at + RECORD_HEADER_BYTES;
  const body = message + HANDSHAKE_HEADER_BYTES;
  if (end > body + HELLO_FIXED_BYTES || bytes[at] !== ContentType.Handshake) return false;
  if (at + 1 < end && bytes[at + 1] !== 3) return false;
  const type = bytes[message];
  return message >= end || type === HandshakeType.ClientHello || type === HandshakeType.ServerHello;
}

/** Whether the datagram `bytes[at, end)` begins with an unencrypted hello of either side, or a request for another one. */
export function isDtlsStart(bytes: Uint8Array, at: number, end: number): boolean {
  const next = datagramRecordEnd(bytes, at, end);
  const message = at + DATAGRAM_RECORD_HEADER_BYTES;
  const body = message + FRAGMENT_HEADER_BYTES;
  if (next === -1 || bytes[at] !== ContentType.Handshake || epochOf(bytes, at) !== 0 || body + 2 > next) return false;
  const type = bytes[message]!;
  if (type < HandshakeType.ClientHello || type > HandshakeType.HelloVerifyRequest) return false;
  const length = uint24(bytes, message + 1);
  const fragmentBytes = uint24(bytes, message + 9);
  const isFirst = uint24(bytes, message + 6) === 0 && fragmentBytes <= length && body + fragmentBytes <= next;
  return isFirst && isDatagramVersion(bytes, body);
}

/** True for a version of SSL 3.0 or later, or of a draft, and a session id that is not too long. */
function isHelloStart(bytes: Uint8Array, at: number): boolean {
  const major = bytes[at]!;
  if (major === 0x7f) return true;
  return major === 3 && bytes[at + 1]! <= 4 && bytes[at + HELLO_FIXED_BYTES]! <= MAX_SESSION_ID_BYTES;
}
