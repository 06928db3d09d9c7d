import type { ByteSlot } from "../../runtime/plugin/index.js";
import { Ascii, ascii, indexOfByte } from "./ascii.js";
import { HeaderNames } from "./header-name.js";

const MARK = ascii("***");

/** Query parameters whose values are credentials. */
const SECRET_PARAMETERS = new HeaderNames(
  [
    "access_key",
    "access_token",
    "api-key",
    "api_key",
    "apikey",
    "auth",
    "auth_token",
    "authorization",
    "client_secret",
    "code",
    "credential",
    "id_token",
    "jwt",
    "key",
    "pass",
    "passwd",
    "password",
    "private_token",
    "pwd",
    "refresh_token",
    "secret",
    "session",
    "session_id",
    "sessionid",
    "sid",
    "sig",
    "signature",
    "token",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
  ].map((name) => [name, true] as const),
);

/** Puts `***` in place of a value in `slot`. */
export function writeMark(slot: ByteSlot): void {
  slot.append(MARK, 0, MARK.length);
}

/**
 * Appends the URL or path `bytes[start, end)` to `slot` with `***` in place of user information and of secret query parameters;
 * true when there was any.
 */
export function writeRedactedUrl(slot: ByteSlot, bytes: Uint8Array, start: number, end: number): boolean {
  let isRedacted = false;
  let at = start;
  const authority = authorityStart(bytes, start, end);
  if (authority !== -1) {
    const userEnd = userInformationEnd(bytes, authority, end);
    if (userEnd !== -1) {
      slot.append(bytes, start, authority);
      writeMark(slot);
      at = userEnd;
      isRedacted = true;
    }
  }
  // Parameters stand in the query, and in the fragment of a URL that an authorization server sends a browser to.
  const first = nextSeparator(bytes, at, end, false);
  slot.append(bytes, at, first);
  at = first;
  while (at < end) {
    const parameterEnd = nextSeparator(bytes, at + 1, end, true);
    const equals = indexOfByte(bytes, Ascii.Equals, at + 1, parameterEnd);
    if (equals !== -1 && equals + 1 < parameterEnd && SECRET_PARAMETERS.find(bytes, at + 1, equals) === true) {
      slot.append(bytes, at, equals + 1);
      writeMark(slot);
      isRedacted = true;
    } else slot.append(bytes, at, parameterEnd);
    at = parameterEnd;
  }
  return isRedacted;
}

/** Appends the authority `bytes[start, end)` to `slot` with `***` in place of user information; true when there was any. */
export function writeRedactedAuthority(slot: ByteSlot, bytes: Uint8Array, start: number, end: number): boolean {
  const userEnd = userInformationEnd(bytes, start, end);
  if (userEnd !== -1) writeMark(slot);
  slot.append(bytes, userEnd === -1 ? start : userEnd, end);
  return userEnd !== -1;
}

/** Position of the next `?` or `#`, with `isInside` also of `&` and `;`; `end` for none. */
function nextSeparator(bytes: Uint8Array, start: number, end: number, isInside: boolean): number {
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === Ascii.Question || byte === Ascii.Hash) break;
    if (isInside && (byte === Ascii.Ampersand || byte === Ascii.Semicolon)) break;
  }
  return at;
}

/** Position after `://` of a URL, or after `//` of a relative one; -1 for a path. */
function authorityStart(bytes: Uint8Array, start: number, end: number): number {
  const slash = indexOfByte(bytes, Ascii.Slash, start, end);
  if (slash === -1 || bytes[slash + 1] !== Ascii.Slash || slash + 1 >= end) return -1;
  return slash === start || bytes[slash - 1] === Ascii.Colon ? slash + 2 : -1;
}

/** Position of the last `@` of the authority at `start` (RFC 3986, section 3.2.1); -1 for none. */
function userInformationEnd(bytes: Uint8Array, start: number, end: number): number {
  let found = -1;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === Ascii.Slash || byte === Ascii.Question || byte === Ascii.Hash) break;
    if (byte === Ascii.At) found = at;
  }
  return found;
}
