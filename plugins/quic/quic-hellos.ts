import type { QuicRecord } from "../../generated/quic/record.js";
import { ExtensionType } from "../../generated/tls/record.js";
import { uint16 } from "../../runtime/wire/big-endian.js";
import { readClientHello } from "../tls/client-hello.js";
import { EXTENSION_HEADER_BYTES, findExtension } from "../tls/hello-extensions.js";
import { ja4 } from "../tls/ja4.js";
import { readServerHello } from "../tls/server-hello.js";
import { readTransportParameters } from "./transport-parameters.js";

/**
 * Reads the body of a ClientHello and, with `hasParameters`, the transport parameters in it (RFC 9001, section 8.2); false when they break
 * the format.
 */
export function readQuicClientHello(
  record: QuicRecord,
  bytes: Uint8Array,
  start: number,
  end: number,
  hasParameters: boolean,
): boolean {
  const extensions = readClientHello(record, bytes, start, end, false);
  if (extensions === -1) return false;
  const fingerprint = ja4(record, uint16(bytes, start), "q");
  if (fingerprint !== undefined) record.ja4.setText(fingerprint);
  if (!hasParameters) return true;
  let parameters = findExtension(ExtensionType.QUIC_TRANSPORT_PARAMETERS, bytes, extensions, end);
  if (parameters === -1) {
    parameters = findExtension(ExtensionType.QUIC_TRANSPORT_PARAMETERS_DRAFT, bytes, extensions, end);
  }
  if (parameters === -1) return true;
  const content = parameters + EXTENSION_HEADER_BYTES;
  return readTransportParameters(record, bytes, content, content + uint16(bytes, parameters + 2));
}

/** Reads the body of a ServerHello; false when it breaks the format. */
export function readQuicServerHello(record: QuicRecord, bytes: Uint8Array, start: number, end: number): boolean {
  record.resumed = false;
  return readServerHello(record, bytes, start, end) !== -1;
}
