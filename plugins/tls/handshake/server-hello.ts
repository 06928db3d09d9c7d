import type { HelloRecord } from "../../../generated/tls/hello-record.js";
import { ExtensionType } from "../../../generated/tls/parameters_enums.js";
import { parseHex, uint16 } from "../../../runtime/plugin/index.js";
import {
  EXTENSION_HEADER_BYTES,
  type ExtensionBlock,
  findExtension,
  findExtensions,
  NO_EXTENSIONS,
} from "./hello-extensions.js";

/** Version and random. */
const FIXED_BYTES = 34;

/** SHA-256 of "HelloRetryRequest": the random of a ServerHello that is one (RFC 8446, section 4.1.3). */
const RETRY_RANDOM = parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")!;

/** True for the body of a ServerHello that asks for another ClientHello (RFC 8446, section 4.1.4). */
export function isHelloRetryRequest(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < FIXED_BYTES) return false;
  for (let i = 0; i < RETRY_RANDOM.length; i++) if (bytes[at + 2 + i] !== RETRY_RANDOM[i]) return false;
  return true;
}

/**
 * Reads the ServerHello `bytes[at, end)`, without its handshake header (RFC 8446, section 4.1.3).
 *
 * ```
 *   ┌─────────┬────────┬───┬────────────┬──────────────┬─────────────┬───┬────────────┐
 *   │ version │ random │ n │ session id │ cipher suite │ compression │ n │ extensions │
 *   └─────────┴────────┴───┴────────────┴──────────────┴─────────────┴───┴────────────┘
 *       2         32     1       n             2              1        2        n       bytes
 * ```
 *
 * Returns its extensions, which are incomplete when it breaks the format; `hello` then has the fields before.
 */
export function readServerHello(hello: HelloRecord, bytes: Uint8Array, at: number, end: number): ExtensionBlock {
  if (end - at < FIXED_BYTES) return NO_EXTENSIONS;
  const version = uint16(bytes, at);
  at += FIXED_BYTES;
  if (isEarlyDraft(version)) {
    if (at + 2 > end) return NO_EXTENSIONS;
    hello.cipherSuite = uint16(bytes, at);
    at += 2;
  } else {
    if (at >= end) return NO_EXTENSIONS;
    at += 1 + bytes[at]!;
    if (at + 3 > end) return NO_EXTENSIONS;
    hello.cipherSuite = uint16(bytes, at);
    at += 3;
  }
  const extensions = findExtensions(hello.serverExtensions, bytes, at, end);
  let { isWhole } = extensions;
  for (at = extensions.first; at < extensions.end; ) {
    const content = at + EXTENSION_HEADER_BYTES;
    const next = content + uint16(bytes, at + 2);
    if (!readExtension(hello, uint16(bytes, at), bytes, content, next)) isWhole = false;
    at = next;
  }
  return isWhole ? extensions : { ...extensions, isWhole };
}

/** Version that the server chose in the ServerHello at `at`. */
export function chosenVersion(bytes: Uint8Array, at: number, extensions: ExtensionBlock): number {
  const chosen = findExtension(ExtensionType.SUPPORTED_VERSIONS, bytes, extensions);
  const isWhole = chosen !== -1 && uint16(bytes, chosen + 2) === 2;
  return uint16(bytes, isWhole ? chosen + EXTENSION_HEADER_BYTES : at);
}

/** Compression method of a ServerHello that was read up to its extensions; null in the drafts of TLS 1.3 that have none. */
export function compressionMethodOf(bytes: Uint8Array, at: number): number | null {
  const sessionId = at + FIXED_BYTES;
  return isEarlyDraft(uint16(bytes, at)) ? null : bytes[sessionId + 1 + bytes[sessionId]! + 2]!;
}

/** True for drafts of TLS 1.3 up to 21, whose ServerHello has its version in the first field, no session id and no compression. */
function isEarlyDraft(version: number): boolean {
  return version >> 8 === 0x7f;
}

/** Reads one extension's content; false if it breaks the format. */
function readExtension(hello: HelloRecord, type: number, bytes: Uint8Array, at: number, end: number): boolean {
  switch (type) {
    case ExtensionType.SUPPORTED_VERSIONS:
      return end - at === 2;
    case ExtensionType.KEY_SHARE:
    case ExtensionType.KEY_SHARE_DRAFT:
      if (end - at < 2) return false;
      hello.group = uint16(bytes, at);
      return true;
    case ExtensionType.PRE_SHARED_KEY:
      hello.resumed = true;
      return true;
    default:
      return true;
  }
}
