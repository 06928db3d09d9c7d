import { ascii } from "../../bytes/ascii.js";
import type { ByteSlot } from "../../record/byte-slot.js";
import { CredentialName } from "./credential-name.js";
import { EncodedCharacter } from "./percent-encoding.js";

const MARK = ascii("***");
const HASH = 35;
const PERCENT = 37;
const AMPERSAND = 38;
const SLASH = 47;
const SEMICOLON = 59;
const EQUALS = 61;
const QUESTION = 63;
const AT = 64;

/** Bytes that may begin a credential, or a parameter with one. */
const SIGNS = new Uint8Array(256);
for (const byte of [HASH, PERCENT, AMPERSAND, SLASH, SEMICOLON, QUESTION]) SIGNS[byte] = 1;

/**
 * Whether a text begins with an authority (RFC 3986, section 3.2): `none`, it does not; `possible`, it may; `whole`, the text is an authority,
 * and everything before its last `@` is user information.
 */
export type LeadingAuthority = "none" | "possible" | "whole";

/** Copies a text to a slot, with marks in place of parts. */
class MaskedCopy {
  isMasked = false;
  #slot: ByteSlot | undefined;
  /** Everything before it is in the slot. */
  #written = 0;

  begin(slot: ByteSlot, start: number): void {
    this.#slot = slot;
    this.#written = start;
    this.isMasked = false;
  }

  /** Replaces `bytes[from, to)` by a mark; returns `to`. */
  replace(bytes: Uint8Array, from: number, to: number): number {
    this.#slot!.append(bytes, this.#written, from);
    writeMark(this.#slot!);
    this.#written = to;
    this.isMasked = true;
    return to;
  }

  end(bytes: Uint8Array, end: number): void {
    this.#slot!.append(bytes, this.#written, end);
    this.#slot = undefined;
  }
}

/** Reused by every call of {@link maskUrl}; nothing in them outlives the call. */
const character = new EncodedCharacter();
const name = new CredentialName();
const mask = new MaskedCopy();

/** Appends `***`. */
export function writeMark(slot: ByteSlot): void {
  slot.append(MARK, 0, MARK.length);
}

/**
 * Appends the text `bytes[start, end)` to `slot` with `***` in place of credentials; returns whether there are any. They are: the user
 * information of every authority, which follows `//` (RFC 3986, section 3.2.1), and the values of parameters with the name of a credential
 * ({@link CredentialName}), which follow `?`, `#`, `&` or `;`. All of these delimiters may be percent-encoded, as in a URL that is a parameter of
 * another. `isCut`: the text was truncated at `end`.
 */
export function maskUrl(
  slot: ByteSlot,
  bytes: Uint8Array,
  start: number,
  end: number,
  first: LeadingAuthority,
  isCut: boolean,
): boolean {
  mask.begin(slot, start);
  let at = start;
  if (first !== "none") {
    const user = first === "whole" ? lastAt(bytes, start, end, isCut) : userEnd(bytes, start, end, 0, isCut);
    if (user > start) at = mask.replace(bytes, start, user);
  }
  /** A `?` or `#` that is not encoded came before. */
  let isAfterPath = false;
  while (at < end) {
    if (SIGNS[bytes[at]!] !== 1) {
      at++;
      continue;
    }
    character.read(bytes, at, end);
    const { byte, level, end: next } = character;
    at = next;
    if (byte === SLASH) {
      if (next === end) break;
      character.read(bytes, next, end);
      if (character.byte !== SLASH || character.level !== level) continue;
      const authority = character.end;
      at = authority;
      const user = userEnd(bytes, authority, end, level, isCut);
      if (user > authority) at = mask.replace(bytes, authority, user);
    } else if (isSeparator(byte)) {
      if (level === 0 && (byte === QUESTION || byte === HASH)) isAfterPath = true;
      const value = credentialStart(bytes, next, end);
      if (value === -1) continue;
      const to = valueEnd(bytes, value, end, byte === SEMICOLON && level === 0, isAfterPath);
      if (to > value) at = mask.replace(bytes, value, to);
    }
  }
  mask.end(bytes, end);
  return mask.isMasked;
}

function isSeparator(byte: number): boolean {
  return byte === QUESTION || byte === HASH || byte === AMPERSAND || byte === SEMICOLON;
}

/** Position after the `=` of the parameter that begins at `start`, if it has the name of a credential; -1 otherwise. */
function credentialStart(bytes: Uint8Array, start: number, end: number): number {
  name.reset();
  for (let at = start; at < end; at = character.end) {
    character.read(bytes, at, end);
    const { byte, end: next } = character;
    if (byte === EQUALS) return name.isCredential() ? next : -1;
    if (isSeparator(byte) || byte === SLASH) return -1;
    name.add(byte);
  }
  return -1;
}

/**
 * End of the value at `start`: the next `&` or `#` that is not encoded. The value of a parameter after `;` also ends at the next `;`, and in the
 * path, where a parameter belongs to a segment, at the next `/` or `?` but not at `&` (RFC 3986, section 3.3).
 */
function valueEnd(bytes: Uint8Array, start: number, end: number, isAfterSemicolon: boolean, isAfterPath: boolean) {
  const isInPath = isAfterSemicolon && !isAfterPath;
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === HASH || (isAfterSemicolon && byte === SEMICOLON)) break;
    if (isInPath ? byte === SLASH || byte === QUESTION : byte === AMPERSAND) break;
  }
  return at;
}

/**
 * Position of the last `@` of the authority at `start`, -1 for none. The authority ends at the next `/`, `?` or `#` that is encoded at most as
 * often as the `//` before it. If the text was truncated within the authority, the rest of it may be user information, and is treated as such.
 */
function userEnd(bytes: Uint8Array, start: number, end: number, level: number, isCut: boolean): number {
  let found = -1;
  for (let at = start; at < end; at = character.end) {
    character.read(bytes, at, end);
    const { byte } = character;
    if (character.level > level) continue;
    if (byte === SLASH || byte === QUESTION || byte === HASH) return found;
    if (byte === AT) found = at;
  }
  return isCut ? end : found;
}

/** Position of the last `@`, -1 for none; `end` if the text was truncated there. */
function lastAt(bytes: Uint8Array, start: number, end: number, isCut: boolean): number {
  if (isCut) return end;
  for (let at = end - 1; at >= start; at--) if (bytes[at] === AT) return at;
  return -1;
}
