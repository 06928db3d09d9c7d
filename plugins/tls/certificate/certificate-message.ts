import type { TlsRecord } from "../../../generated/tls/record.js";
import { type ByteSlot, cryptography, uint24 } from "../../../runtime/plugin/index.js";
import { listAlternativeNames } from "./alternative-names.js";
import { type Certificate, readCertificate, type Span } from "./certificate.js";
import { algorithmName } from "./certificate-algorithms.js";
import { setCertificateTime } from "./certificate-time.js";
import { writeDistinguishedName } from "./distinguished-name.js";
import { keySize } from "./key-size.js";

/** Length of the list, and of each certificate in it (RFC 5246, section 7.4.2). */
const LENGTH_BYTES = 3;
/** Of SHA-256. */
const FINGERPRINT_BYTES = 32;

/** Largest number of certificates that are counted; a message with more breaks the format. */
const MAX_CERTIFICATES = 256;

/**
 * Reads the server's Certificate message `bytes[at, end)`, without its handshake header, as it is up to TLS 1.2. False if the list
 * or the first certificate breaks the format.
 */
export function readServerCertificates(record: TlsRecord, bytes: Uint8Array, at: number, end: number): boolean {
  const { certificates, isWhole } = findCertificates(bytes, at, end);
  record.certificateCount = certificates.length;
  const { certificateFingerprints } = record;
  for (const { start, end } of certificates) {
    if (certificateFingerprints.length === certificateFingerprints.maxItems) {
      certificateFingerprints.overflowed = true;
      break;
    }
    certificateFingerprints.push(fingerprint(bytes, start, end), 0, FINGERPRINT_BYTES);
  }
  const [own] = certificates;
  return (own === undefined || readServerCertificate(record, bytes, own)) && isWhole;
}

/** Reads the client's Certificate message, as {@link readServerCertificates} does the server's; fewer fields of the first certificate are read. */
export function readClientCertificates(record: TlsRecord, bytes: Uint8Array, at: number, end: number): boolean {
  const { certificates, isWhole } = findCertificates(bytes, at, end);
  record.clientCertificateCount = certificates.length;
  const [own] = certificates;
  if (own === undefined) return isWhole;
  record.clientCertificateFingerprint.set(fingerprint(bytes, own.start, own.end), 0, FINGERPRINT_BYTES);
  const certificate = readCertificate(bytes, own.start, own.end);
  if (certificate === undefined) return false;
  const { subject, issuer } = certificate;
  writeDistinguishedName(record.clientCertificateSubject, bytes, subject.start, subject.end);
  writeDistinguishedName(record.clientCertificateIssuer, bytes, issuer.start, issuer.end);
  setSerial(record.clientCertificateSerial, bytes, certificate.serial);
  return isWhole;
}

/** The certificates of a message, up to where it breaks the format. */
function findCertificates(bytes: Uint8Array, at: number, end: number): { certificates: Span[]; isWhole: boolean } {
  const certificates: Span[] = [];
  if (at + LENGTH_BYTES > end || at + LENGTH_BYTES + uint24(bytes, at) !== end) return { certificates, isWhole: false };
  for (at += LENGTH_BYTES; at + LENGTH_BYTES <= end && certificates.length < MAX_CERTIFICATES; ) {
    const start = at + LENGTH_BYTES;
    const next = start + uint24(bytes, at);
    if (next > end) break;
    certificates.push({ start, end: next });
    at = next;
  }
  return { certificates, isWhole: at === end };
}

/** Reads the server's own certificate; false for bytes that are not a certificate. */
export function readServerCertificate(record: TlsRecord, bytes: Uint8Array, { start, end }: Span): boolean {
  const certificate = readCertificate(bytes, start, end);
  if (certificate === undefined) return false;
  const { subject, issuer, notBefore, notAfter, alternativeNames } = certificate;
  writeDistinguishedName(record.certificateSubject, bytes, subject.start, subject.end);
  writeDistinguishedName(record.certificateIssuer, bytes, issuer.start, issuer.end);
  setSerial(record.certificateSerial, bytes, certificate.serial);
  if (alternativeNames !== undefined) listAlternativeNames(record, bytes, alternativeNames.start, alternativeNames.end);
  setCertificateTime(record.certificateNotBefore, notBefore.tag, bytes, notBefore.start, notBefore.end);
  setCertificateTime(record.certificateNotAfter, notAfter.tag, bytes, notAfter.start, notAfter.end);
  record.certificateKeyAlgorithm.setText(algorithmName(certificate.keyAlgorithm.identifier));
  const { bits, group } = keySize(certificate, bytes);
  record.certificateKeyBits = bits;
  record.certificateKeyGroup = group;
  record.certificateSignatureAlgorithm.setText(algorithmName(certificate.signature.identifier));
  record.certificateSelfIssued = isSelfIssued(certificate, bytes);
  record.certificateIsCa = certificate.isCa;
  return true;
}

function isSelfIssued({ subject, issuer }: Certificate, bytes: Uint8Array): boolean {
  const length = subject.end - subject.start;
  if (length !== issuer.end - issuer.start) return false;
  for (let i = 0; i < length; i++) if (bytes[subject.start + i] !== bytes[issuer.start + i]) return false;
  return true;
}

function setSerial(slot: ByteSlot, bytes: Uint8Array, { start, end }: Span): void {
  while (start < end - 1 && bytes[start] === 0) start++;
  slot.set(bytes, start, end);
}

function fingerprint(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return cryptography().digest("sha256", bytes.subarray(start, end));
}
