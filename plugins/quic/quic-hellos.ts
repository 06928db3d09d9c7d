import type { QuicRecord } from "../../generated/quic/record.js";
import { NumberList, uint16 } from "../../runtime/plugin/index.js";
import {
  EXTENSION_HEADER_BYTES,
  type ExtensionBlock,
  ExtensionType,
  findExtension,
  ja3,
  ja4,
  readClientHello,
  readPointFormats,
  readServerHello,
} from "../tls/library.js";
import { readTransportParameters, readWideParameters } from "./transport-parameters.js";

/** As many as a row of TLS has. */
const MAX_POINT_FORMATS = 16;

/**
 * Reads the body of a ClientHello and the transport parameters in it (RFC 9001, section 8.2), with `hasWideParameters` in the form of drafts
 * before 27; false if they break the format.
 */
export function readQuicClientHello(
  record: QuicRecord,
  bytes: Uint8Array,
  start: number,
  end: number,
  hasWideParameters: boolean,
): boolean {
  const extensions = readClientHello(record.hello, bytes, start, end, false);
  if (extensions.first === -1) return false;
  const hasFormats = setFingerprints(record, bytes, start, extensions);
  let parameters = findExtension(ExtensionType.QUIC_TRANSPORT_PARAMETERS, bytes, extensions);
  if (parameters === -1) parameters = findExtension(ExtensionType.QUIC_TRANSPORT_PARAMETERS_DRAFT, bytes, extensions);
  if (parameters === -1) return hasFormats && extensions.isWhole;
  const content = parameters + EXTENSION_HEADER_BYTES;
  const read = hasWideParameters ? readWideParameters : readTransportParameters;
  const hasParameters = read(record, bytes, content, content + uint16(bytes, parameters + 2));
  return hasParameters && hasFormats && extensions.isWhole;
}

/** Sets JA3 and JA4 from what could be read; false if the point formats, which the row does not have, break the format. */
function setFingerprints(record: QuicRecord, bytes: Uint8Array, start: number, extensions: ExtensionBlock): boolean {
  const version = uint16(bytes, start);
  const formats = new NumberList(MAX_POINT_FORMATS);
  const isWhole = readPointFormats(formats, bytes, extensions);
  const md5 = ja3(record.hello, formats, version);
  if (md5 !== undefined) record.hello.ja3.setText(md5);
  const fingerprint = ja4(record.hello, version, "q");
  if (fingerprint !== undefined) record.hello.ja4.setText(fingerprint);
  return isWhole;
}

/** Reads the body of a ServerHello; false if it breaks the format. */
export function readQuicServerHello(record: QuicRecord, bytes: Uint8Array, start: number, end: number): boolean {
  record.hello.resumed = false;
  return readServerHello(record.hello, bytes, start, end).isWhole;
}
