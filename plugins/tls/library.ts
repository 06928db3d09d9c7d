/**
 * What other plugins may import of this one. QUIC carries the handshake messages of TLS 1.3 in CRYPTO frames (RFC 9001, section 4):
 *
 * - `readClientHello`, `readServerHello`, `isHelloRetryRequest`: the hellos, whose fields are also in the records of QUIC.
 * - `findExtension`, `readPointFormats` and what they take: extensions that QUIC reads itself, such as its transport parameters (section 8.2).
 * - `ExtensionType`, `HandshakeType`, `HANDSHAKE_HEADER_BYTES`: the numbers and the layout of messages, the same in QUIC.
 * - `ScatteredBytes`: CRYPTO frames arrive in any order, as fragments of DTLS do (RFC 9000, section 19.6).
 * - `ja3`, `ja4`: fingerprints of a ClientHello, whichever protocol carries it.
 * - `writeEscaped`: texts of both tables are escaped in the same way.
 */
export { ExtensionType } from "../../generated/tls/parameters_enums.js";
export { writeEscaped } from "./escaped-text.js";
export { ja3 } from "./fingerprint/ja3.js";
export { ja4 } from "./fingerprint/ja4.js";
export { readClientHello } from "./handshake/client-hello.js";
export { HANDSHAKE_HEADER_BYTES, HandshakeType } from "./handshake/handshake-messages.js";
export {
  EXTENSION_HEADER_BYTES,
  type ExtensionBlock,
  findExtension,
  readPointFormats,
} from "./handshake/hello-extensions.js";
export { isHelloRetryRequest, readServerHello } from "./handshake/server-hello.js";
export { ScatteredBytes } from "./reassembly/scattered-bytes.js";
