import type { HelloRecord } from "../../../generated/tls/hello-record.js";
import { ExtensionType } from "../../../generated/tls/parameters_enums.js";
import { type ByteSlot, type NumberList, uint16 } from "../../../runtime/plugin/index.js";
import { writeEscaped } from "../escaped-text.js";
import { isGrease } from "../fingerprint/grease.js";
import { hasItem, someItem } from "../fingerprint/list-items.js";
import {
  EXTENSION_HEADER_BYTES,
  type ExtensionBlock,
  findExtension,
  findExtensions,
  NO_EXTENSIONS,
  readNumbers,
  readProtocols,
} from "./hello-extensions.js";
import { isTls13 } from "./versions.js";

/** Version and random. */
const FIXED_BYTES = 34;
/** Type of a name that is a host's (RFC 6066, section 3). */
const HOST_NAME = 0;

/**
 * Reads the ClientHello `bytes[at, end)`, without its handshake header (RFC 8446, section 4.1.2; of a datagram RFC 9147, section 5.3).
 *
 * ```
 *   ┌─────────┬────────┬───┬────────────┬───┬────────┬───┬───────────────┬───┬─────────────┬───┬────────────┐
 *   │ version │ random │ n │ session id │ n │ cookie │ n │ cipher suites │ n │ compression │ n │ extensions │
 *   └─────────┴────────┴───┴────────────┴───┴────────┴───┴───────────────┴───┴─────────────┴───┴────────────┘
 *       2         32     1       n        1  datagram  2         n         1        n        2        n       bytes
 * ```
 *
 * Returns its extensions, which are incomplete when it breaks the format; `hello` then has the fields before.
 */
export function readClientHello(
  hello: HelloRecord,
  bytes: Uint8Array,
  at: number,
  end: number,
  isDatagram: boolean,
): ExtensionBlock {
  if (end - at <= FIXED_BYTES) return NO_EXTENSIONS;
  hello.clientRandom.set(bytes, at + 2, at + FIXED_BYTES);
  const sessionId = at + FIXED_BYTES;
  let rest = skipVector(bytes, sessionId, end);
  if (isDatagram) rest = skipVector(bytes, rest, end);
  if (rest === -1 || !readNumbers(hello.offeredCipherSuites, 2, 2, bytes, rest, end)) return NO_EXTENSIONS;
  rest = skipVector(bytes, rest + 2 + uint16(bytes, rest), end);
  const extensions = rest === -1 ? NO_EXTENSIONS : readExtensions(hello, bytes, rest, end);
  hello.grease = isAnyGrease(hello);
  hello.encryptedClientHello =
    hasItem(hello.clientExtensions, ExtensionType.ENCRYPTED_CLIENT_HELLO) ||
    hasItem(hello.clientExtensions, ExtensionType.ENCRYPTED_SERVER_NAME);
  hello.earlyDataOffered = hasItem(hello.clientExtensions, ExtensionType.EARLY_DATA);
  // A client of TLS 1.3 sends a session id without a meaning (RFC 8446, appendix D.4).
  const isSessionId = bytes[sessionId]! > 0 && !someItem(hello.offeredVersions, isTls13);
  hello.resumptionOffered =
    isSessionId || hasItem(hello.clientExtensions, ExtensionType.PRE_SHARED_KEY) || hasTicket(bytes, extensions);
  return extensions;
}

/** Reads the extensions and their length before them at `at`, as far as they are whole. */
function readExtensions(hello: HelloRecord, bytes: Uint8Array, at: number, end: number): ExtensionBlock {
  const extensions = findExtensions(hello.clientExtensions, bytes, at, end);
  let { isWhole } = extensions;
  for (at = extensions.first; at < extensions.end; ) {
    const content = at + EXTENSION_HEADER_BYTES;
    const next = content + uint16(bytes, at + 2);
    if (!readExtension(hello, uint16(bytes, at), bytes, content, next)) isWhole = false;
    at = next;
  }
  return isWhole ? extensions : { ...extensions, isWhole };
}

/** Reads one extension's content; false if it breaks the format. */
function readExtension(hello: HelloRecord, type: number, bytes: Uint8Array, at: number, end: number): boolean {
  switch (type) {
    case ExtensionType.SERVER_NAME:
      return readServerName(hello.serverName, bytes, at, end);
    case ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION:
      return readProtocols(hello.offeredAlpn, bytes, at, end);
    case ExtensionType.SUPPORTED_VERSIONS:
      return readNumbers(hello.offeredVersions, 2, 1, bytes, at, end);
    case ExtensionType.SUPPORTED_GROUPS:
      return readNumbers(hello.offeredGroups, 2, 2, bytes, at, end);
    case ExtensionType.SIGNATURE_ALGORITHMS:
      return readNumbers(hello.signatureAlgorithms, 2, 2, bytes, at, end);
    case ExtensionType.KEY_SHARE:
    case ExtensionType.KEY_SHARE_DRAFT:
      return readKeyShares(hello.keyShareGroups, bytes, at, end);
    default:
      return true;
  }
}

/** The first host name of the list (RFC 6066, section 3). */
function readServerName(slot: ByteSlot, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 2 > end || at + 2 + uint16(bytes, at) !== end) return false;
  for (at += 2; at < end; ) {
    if (at + 3 > end) return false;
    const next = at + 3 + uint16(bytes, at + 1);
    if (next > end) return false;
    if (bytes[at] === HOST_NAME && !slot.isPresent) writeEscaped(slot, bytes, at + 3, next);
    at = next;
  }
  return true;
}

/** Groups of the shares (RFC 8446, section 4.2.8). */
function readKeyShares(groups: NumberList, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 2 > end || at + 2 + uint16(bytes, at) !== end) return false;
  for (at += 2; at < end; ) {
    if (at + 4 > end) return false;
    const next = at + 4 + uint16(bytes, at + 2);
    if (next > end) return false;
    groups.push(uint16(bytes, at));
    at = next;
  }
  return true;
}

/** A ticket of a session (RFC 5077, section 3.2); the extension is empty if the client only asks for one. */
function hasTicket(bytes: Uint8Array, extensions: ExtensionBlock): boolean {
  const ticket = findExtension(ExtensionType.SESSION_TICKET, bytes, extensions);
  return ticket !== -1 && uint16(bytes, ticket + 2) > 0;
}

/** Position after the vector at `at` that has its length in one byte; -1 where it is incomplete, or `at` is -1. */
function skipVector(bytes: Uint8Array, at: number, end: number): number {
  if (at === -1 || at >= end) return -1;
  const next = at + 1 + bytes[at]!;
  return next > end ? -1 : next;
}

function isAnyGrease({ offeredVersions, offeredCipherSuites, offeredGroups, clientExtensions }: HelloRecord): boolean {
  return (
    someItem(offeredCipherSuites, isGrease) ||
    someItem(clientExtensions, isGrease) ||
    someItem(offeredGroups, isGrease) ||
    someItem(offeredVersions, isGrease)
  );
}
