import { Version } from "../../../generated/tls/parameters_enums.js";
import type { TlsRecord } from "../../../generated/tls/record.js";
import { State } from "../../../generated/tls/tls_enums.js";
import { uint16 } from "../../../runtime/plugin/index.js";
import { readServerCertificate } from "../certificate/certificate-message.js";

const CLIENT_HELLO = 1;
const SERVER_HELLO = 4;
/** Length, type, version and three lengths. */
const HEADER_BYTES = 11;
/** Length, type, whether a session was found, kind of certificate, version and three lengths. */
const SERVER_HEADER_BYTES = 13;
const MAX_CLIENT_HELLO_BYTES = 4096;

/**
 * Length of the ClientHello of SSL 2.0 that begins at `at`, which clients of SSL 3.0 to TLS 1.2 sent too (RFC 5246, appendix E.2):
 *
 * ```
 *   ┌─────────────────┬──────┬─────────┬──────────┬──────────┬──────────┬──────────────┬────────────┬───────────┐
 *   │ 0x8000 | length │ type │ version │ length c │ length s │ length r │ cipher specs │ session id │ challenge │
 *   └─────────────────┴──────┴─────────┴──────────┴──────────┴──────────┴──────────────┴────────────┴───────────┘
 *           2            1        2         2          2          2            c             s            r       bytes
 * ```
 *
 * 0 for anything else; -1 where more bytes are needed to decide.
 */
export function ssl2ClientHelloBytes(bytes: Uint8Array, at: number, end: number): number {
  if (end > at && (bytes[at]! & 0x80) === 0) return 0;
  if (end - at < HEADER_BYTES) return -1;
  const length = uint16(bytes, at) & 0x7fff;
  const version = uint16(bytes, at + 3);
  const isVersion = version === Version.SSL2 || (version >= Version.SSL3 && version <= Version.TLS1_3);
  if (bytes[at + 2] !== CLIENT_HELLO || !isVersion || length > MAX_CLIENT_HELLO_BYTES) return 0;
  const cipherBytes = uint16(bytes, at + 5);
  const sessionBytes = uint16(bytes, at + 7);
  const challengeBytes = uint16(bytes, at + 9);
  if (cipherBytes === 0 || cipherBytes % 3 !== 0) return 0;
  return cipherBytes + sessionBytes + challengeBytes === length - (HEADER_BYTES - 2) ? length + 2 : 0;
}

/** Reads the whole ClientHello at `at`. Cipher suites of SSL 3.0 and later are two bytes after a zero. */
export function readSsl2ClientHello(record: TlsRecord, bytes: Uint8Array, at: number): void {
  record.state = State.UNANSWERED;
  record.clientVersion = uint16(bytes, at + 3);
  const cipherEnd = at + HEADER_BYTES + uint16(bytes, at + 5);
  for (let i = at + HEADER_BYTES; i < cipherEnd; i += 3) {
    record.hello.offeredCipherSuites.push((bytes[i]! << 16) | uint16(bytes, i + 1));
  }
  record.hello.resumptionOffered = uint16(bytes, at + 7) > 0;
}

/**
 * Length of the ServerHello of SSL 2.0 that begins at `at`; 0 for anything else, -1 where more bytes are needed to decide.
 *
 * ```
 *   ┌─────────────────┬──────┬─────┬──────┬─────────┬──────────┬──────────┬──────────┬─────────────┬──────────────┬───────────────┐
 *   │ 0x8000 | length │ type │ hit │ kind │ version │ length c │ length s │ length i │ certificate │ cipher specs │ connection id │
 *   └─────────────────┴──────┴─────┴──────┴─────────┴──────────┴──────────┴──────────┴─────────────┴──────────────┴───────────────┘
 *           2            1      1     1        2         2          2          2            c              s               i        bytes
 * ```
 */
export function ssl2ServerHelloBytes(bytes: Uint8Array, at: number, end: number): number {
  if (end > at && (bytes[at]! & 0x80) === 0) return 0;
  if (end - at < SERVER_HEADER_BYTES) return -1;
  if (bytes[at + 2] !== SERVER_HELLO || uint16(bytes, at + 5) !== Version.SSL2) return 0;
  const parts = uint16(bytes, at + 7) + uint16(bytes, at + 9) + uint16(bytes, at + 11);
  const length = uint16(bytes, at) & 0x7fff;
  return parts === length - (SERVER_HEADER_BYTES - 2) ? length + 2 : 0;
}

/** Reads the whole ServerHello at `at`. */
export function readSsl2ServerHello(record: TlsRecord, bytes: Uint8Array, at: number): void {
  record.version = Version.SSL2;
  record.hello.resumed = bytes[at + 3] !== 0;
  const start = at + SERVER_HEADER_BYTES;
  const end = start + uint16(bytes, at + 7);
  if (end === start) return;
  record.certificateCount = 1;
  if (!readServerCertificate(record, bytes, { start, end })) record.malformed = true;
}
