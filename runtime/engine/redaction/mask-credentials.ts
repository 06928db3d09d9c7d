import { ascii, equalsText, indexOfByte } from "../../bytes/ascii.js";
import { ByteNames } from "../../bytes/byte-names.js";
import { CREDENTIAL_FIELDS } from "../../plugin/credential-fields.js";
import type { ByteSlot } from "../../record/byte-slot.js";

const MARK = ascii("***");
const HOST_FIELD = ascii("host");
const COLON = 58;
const SLASH = 47;
const QUESTION = 63;
const HASH = 35;
const AT = 64;
const EQUALS = 61;
const AMPERSAND = 38;
const SEMICOLON = 59;
const SPACE = 32;

/** Bytes of which a text with credentials, other than a header field, contains at least one. */
const SIGNS = new Uint8Array(256);
for (const byte of [QUESTION, HASH, AT]) SIGNS[byte] = 1;

/** Query parameters whose values are credentials. */
const SECRET_PARAMETERS = new ByteNames(
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

/** Schemes whose URIs have a user name before the `@`, without a credential. */
const PERSON_SCHEMES = new ByteNames(["acct", "im", "mailto", "xmpp"].map((name) => [name, true] as const));

/**
 * Appends the text `bytes[start, end)` to `slot` with `***` in place of its credentials; returns whether there are any. A text is a header field
 * (`name: value`), whose value may be a credential or a URL, or it is a URL, a path or an authority (RFC 3986, section 3), whose user
 * information and secret parameter values are credentials. `isCut`: the text was truncated at `end`.
 */
export function maskCredentials(
  slot: ByteSlot,
  bytes: Uint8Array,
  start: number,
  end: number,
  isCut: boolean,
): boolean {
  const value = fieldValueStart(bytes, start, end);
  if (value === -1) return maskUrl(slot, bytes, start, end, true, isCut);
  slot.append(bytes, start, value);
  const nameEnd = value - 2;
  if (CREDENTIAL_FIELDS.find(bytes, start, nameEnd) !== true)
    return maskUrl(slot, bytes, value, end, equalsText(bytes, start, nameEnd, HOST_FIELD), isCut);
  writeMark(slot);
  return true;
}

/** False if a text cannot have credentials. */
export function mayHaveCredentials(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (SIGNS[bytes[at]!] === 1) return true;
  return fieldValueStart(bytes, start, end) !== -1;
}

function writeMark(slot: ByteSlot): void {
  slot.append(MARK, 0, MARK.length);
}

/** Position after the `: ` of a header field; -1 if the text is not one. */
function fieldValueStart(bytes: Uint8Array, start: number, end: number): number {
  const colon = indexOfByte(bytes, COLON, start, end);
  if (colon <= start || colon + 1 >= end || bytes[colon + 1] !== SPACE) return -1;
  for (let at = start; at < colon; at++) {
    const byte = bytes[at]!;
    if (byte <= SPACE || byte === SLASH || byte === AT || byte === QUESTION) return -1;
  }
  return colon + 2;
}

/** `mayBeAuthority`: the text may be an authority alone, and not a sentence that contains an `@`. */
function maskUrl(
  slot: ByteSlot,
  bytes: Uint8Array,
  start: number,
  end: number,
  mayBeAuthority: boolean,
  isCut: boolean,
): boolean {
  let at = start;
  let isMasked = false;
  const authority = authorityStart(bytes, start, end, mayBeAuthority);
  if (authority !== -1) {
    const userEnd = userInformationEnd(bytes, authority, end, isCut);
    if (userEnd !== -1) {
      slot.append(bytes, start, authority);
      writeMark(slot);
      at = userEnd;
      isMasked = true;
    }
  }
  // Parameters are in the query, and in the fragment of a URL to which an authorization server redirects a browser.
  const first = nextSeparator(bytes, at, end, false);
  slot.append(bytes, at, first);
  at = first;
  while (at < end) {
    const parameterEnd = nextSeparator(bytes, at + 1, end, true);
    const equals = indexOfByte(bytes, EQUALS, at + 1, parameterEnd);
    if (equals !== -1 && equals + 1 < parameterEnd && SECRET_PARAMETERS.find(bytes, at + 1, equals) === true) {
      slot.append(bytes, at, equals + 1);
      writeMark(slot);
      isMasked = true;
    } else slot.append(bytes, at, parameterEnd);
    at = parameterEnd;
  }
  return isMasked;
}

/** Position of the next `?` or `#`, with `isInside` also of `&` and `;`; `end` for none. */
function nextSeparator(bytes: Uint8Array, start: number, end: number, isInside: boolean): number {
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUESTION || byte === HASH) break;
    if (isInside && (byte === AMPERSAND || byte === SEMICOLON)) break;
  }
  return at;
}

/** Start of the authority of a URL: after `//`, or the start of a text that is an authority alone; -1 for a path. */
function authorityStart(bytes: Uint8Array, start: number, end: number, mayBeAuthority: boolean): number {
  const slash = indexOfByte(bytes, SLASH, start, end);
  const isDouble = slash !== -1 && slash + 1 < end && bytes[slash + 1] === SLASH;
  if (isDouble && (slash === start || bytes[slash - 1] === COLON)) return slash + 2;
  if (!mayBeAuthority || slash === start) return -1;
  const colon = indexOfByte(bytes, COLON, start, end);
  return colon !== -1 && PERSON_SCHEMES.find(bytes, start, colon) === true ? -1 : start;
}

/**
 * Position of the last `@` of the authority at `start` (RFC 3986, section 3.2.1); -1 for none. If the text was truncated within the authority,
 * the rest of it may be user information, and is treated as such.
 */
function userInformationEnd(bytes: Uint8Array, start: number, end: number, isCut: boolean): number {
  let found = -1;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === SLASH || byte === QUESTION || byte === HASH) return found;
    if (byte === AT) found = at;
  }
  return isCut ? end : found;
}
