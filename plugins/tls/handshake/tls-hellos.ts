import { ExtensionType } from "../../../generated/tls/parameters_enums.js";
import type { TlsRecord } from "../../../generated/tls/record.js";
import { type ByteSlot, uint16 } from "../../../runtime/plugin/index.js";
import { writeEscaped } from "../escaped-text.js";
import { ja3, ja3s } from "../fingerprint/ja3.js";
import { ja4 } from "../fingerprint/ja4.js";
import { readClientHello } from "./client-hello.js";
import { EXTENSION_HEADER_BYTES, findExtension, readPointFormats } from "./hello-extensions.js";
import { chosenVersion, compressionMethodOf, readServerHello } from "./server-hello.js";

/**
 * Reads the body of a ClientHello and what only TLS and DTLS have in it; false if it breaks the format. The fingerprints
 * cover what could be read.
 */
export function readTlsClientHello(
  record: TlsRecord,
  bytes: Uint8Array,
  start: number,
  end: number,
  isDatagram: boolean,
): boolean {
  if (end - start < 2) return false;
  const version = uint16(bytes, start);
  record.clientVersion = version;
  const extensions = readClientHello(record.hello, bytes, start, end, isDatagram);
  if (extensions.first === -1) return false;
  const isWhole = readPointFormats(record.pointFormats, bytes, extensions);
  setFingerprint(record.hello.ja3, ja3(record.hello, record.pointFormats, version));
  setFingerprint(record.hello.ja4, ja4(record.hello, version, isDatagram ? "d" : "t"));
  return isWhole && extensions.isWhole;
}

/**
 * Reads the beginning of a ClientHello's body whose rest is missing, as far as fields are whole. What only a whole one shows, such as a
 * fingerprint or the absence of an extension, stays unknown.
 */
export function readPartialClientHello(record: TlsRecord, bytes: Uint8Array, start: number, end: number): void {
  if (end - start < 2) return;
  record.clientVersion = uint16(bytes, start);
  const extensions = readClientHello(record.hello, bytes, start, end, false);
  if (extensions.first !== -1) readPointFormats(record.pointFormats, bytes, extensions);
  record.hello.grease ||= null;
  record.hello.encryptedClientHello ||= null;
  record.hello.earlyDataOffered ||= null;
  record.hello.resumptionOffered ||= null;
}

/** Reads the body of a ServerHello and what only TLS and DTLS have in it; false if it breaks the format. */
export function readTlsServerHello(record: TlsRecord, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2) return false;
  record.version = uint16(bytes, start);
  const extensions = readServerHello(record.hello, bytes, start, end);
  if (extensions.first === -1) return false;
  record.version = chosenVersion(bytes, start, extensions);
  record.compressionMethod = compressionMethodOf(bytes, start);
  const srtp = findExtension(ExtensionType.USE_SRTP, bytes, extensions);
  // A list of one profile and an identifier of the master key (RFC 5764, section 4.1.1).
  if (srtp !== -1 && uint16(bytes, srtp + 2) >= 4) {
    record.srtpProfile = uint16(bytes, srtp + EXTENSION_HEADER_BYTES + 2);
  }
  const alpn = findExtension(ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION, bytes, extensions);
  const isWhole = alpn === -1 || readChosenProtocol(record.alpn, bytes, alpn);
  setFingerprint(record.ja3s, ja3s(record.hello, uint16(bytes, start)));
  return isWhole && extensions.isWhole;
}

/** The protocol that the server chose, the one item of its ALPN extension at `at` (RFC 7301, section 3.1). */
function readChosenProtocol(slot: ByteSlot, bytes: Uint8Array, at: number): boolean {
  const content = at + EXTENSION_HEADER_BYTES;
  const end = content + uint16(bytes, at + 2);
  if (end - content < 4 || content + 3 + bytes[content + 2]! !== end) return false;
  writeEscaped(slot, bytes, content + 3, end);
  return true;
}

function setFingerprint(slot: ByteSlot, fingerprint: string | undefined): void {
  if (fingerprint !== undefined) slot.setText(fingerprint);
}
