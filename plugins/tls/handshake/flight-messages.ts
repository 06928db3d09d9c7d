import type { TlsRecord } from "../../../generated/tls/record.js";
import { readClientCertificates, readServerCertificates } from "../certificate/certificate-message.js";
import { HandshakeType } from "./handshake-messages.js";
import { serverKeyExchangeGroup } from "./key-exchange.js";

/**
 * Reads an unencrypted message of the server other than a ServerHello. True for one that is not sent when a session is resumed
 * (RFC 5246, section 7.3).
 */
export function readServerMessage(
  record: TlsRecord,
  frameNumber: number,
  type: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  switch (type) {
    case HandshakeType.HelloVerifyRequest:
    case HandshakeType.HelloRetryRequest:
      record.hello.helloRetries++;
      return false;
    case HandshakeType.NewSessionTicket:
      record.sessionTicketIssued = true;
      return false;
    case HandshakeType.CertificateStatus:
      record.ocspStapled = true;
      return true;
    case HandshakeType.CertificateRequest:
      record.clientCertificateRequested = true;
      return true;
    case HandshakeType.ServerKeyExchange:
      record.hello.group = serverKeyExchangeGroup(record.hello.cipherSuite, bytes, start, end);
      return true;
    case HandshakeType.Certificate:
      if (record.certificateCount !== null) return true;
      record.certificateFrame = frameNumber;
      if (!readServerCertificates(record, bytes, start, end)) record.malformed = true;
      return true;
    default:
      return true;
  }
}

/** Reads an unencrypted Certificate message of the client. */
export function readClientCertificate(record: TlsRecord, bytes: Uint8Array, start: number, end: number): void {
  if (record.clientCertificateCount !== null) return;
  if (!readClientCertificates(record, bytes, start, end)) record.malformed = true;
}
